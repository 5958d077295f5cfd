#include "agent/journal/segment_scanner.hpp"

#include "agent/journal/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kilnwatt::journal {
namespace {

/// Modulo 2^64, so that no stored number can overflow.
utc_time utc_of(mono_time mono, std::int64_t offset_ms, std::int64_t residual_ms)
{
    auto const sum = static_cast<std::uint64_t>(mono.time_since_epoch().count()) +
                     static_cast<std::uint64_t>(offset_ms) + static_cast<std::uint64_t>(residual_ms);
    return utc_time{milliseconds{static_cast<std::int64_t>(sum)}};
}

} // namespace

void segment_scanner::seek(position p)
{
    wanted_ = p;
    waiting_ = false;
    segment_ = 0;
}

/// Starts at the block that holds `wanted_`, since a row needs all before it in its block.
void segment_scanner::enter(segment_info const& s)
{
    auto const table = segment_table(s.id);
    next_batch_ = view_.db.prepare(
        fmt::format("SELECT first, count, block, body FROM {} WHERE first > ? ORDER BY first LIMIT 1", table));
    auto start =
        view_.db.prepare(fmt::format("SELECT block FROM {} WHERE first <= ? ORDER BY first DESC LIMIT 1", table));
    auto const block = start.bind(wanted_).step() ? static_cast<position>(start.integer(0)) : s.range.first;
    after_ = block == 0 ? 0 : block - 1;
    block_ = 0;
    segment_ = s.id;
}

bool segment_scanner::fetch()
{
    if (!next_batch_.bind(after_).step()) {
        next_batch_.reset();
        return false;
    }
    batch_.first = static_cast<position>(next_batch_.integer(0));
    batch_.last = batch_.first + static_cast<position>(next_batch_.integer(1));
    batch_.block = static_cast<position>(next_batch_.integer(2));
    auto const body = next_batch_.blob(3);
    batch_.body.assign(body.begin(), body.end());
    next_batch_.reset();
    return true;
}

bool segment_scanner::decode()
{
    after_ = batch_.first;
    if (batch_.block != block_) {
        if (batch_.block != batch_.first)
            return false; // the block's first batch is missing
        decoder_.reset();
        block_ = batch_.block;
    }
    rows_.clear();
    auto const lookup = [this](std::uint32_t id) { return view_.layouts.find(id); };
    return decoder_.decode(batch_.body, batch_.last - batch_.first, lookup, rows_).has_value();
}

/// Goes on at the next block of the segment, or behind the segment.
void segment_scanner::pass_over(segment_info const& s)
{
    auto next =
        view_.db.prepare(fmt::format("SELECT min(first) FROM {} WHERE first > ? AND block <> ?", segment_table(s.id)));
    next.bind(batch_.first, batch_.block);
    auto const resume = next.step() && !next.null(0) ? static_cast<position>(next.integer(0)) : s.range.last;
    damaged_.push_back({std::max(batch_.first, wanted_), resume});
    seek(std::max(resume, wanted_ + 1));
}

position segment_scanner::peek()
{
    while (!waiting_) {
        auto const* const s = view_.segments.find(kind_, wanted_);
        if (s == nullptr)
            return no_position;
        try {
            if (s->id != segment_)
                enter(*s);
            if (!fetch()) {
                wanted_ = s->range.last;
                segment_ = 0;
            } else if (batch_.last > wanted_) {
                waiting_ = true;
            } else if (!decode()) {
                pass_over(*s);
            }
        } catch (sqlite_error const& e) {
            if (e.code() != errc::corrupt && e.code() != errc::refused) // refused: the segment's table is not there
                throw;
            damaged_.push_back({wanted_, s->range.last});
            seek(s->range.last);
        }
    }
    return std::max(batch_.first, wanted_);
}

void segment_scanner::take(std::vector<record>& out)
{
    if (peek() == no_position)
        return;
    waiting_ = false;
    if (!decode()) {
        if (auto const* const s = view_.segments.find(kind_, wanted_); s != nullptr)
            pass_over(*s);
        return;
    }
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        auto const p = batch_.first + i;
        if (p < wanted_)
            continue;
        auto& r = rows_[i];
        auto const clock = view_.clocks.at(p);
        r.data.time.utc = utc_of(r.data.time.mono, clock.offset_ms, r.residual_ms);
        out.push_back({p, r.seq, clock.boot, std::move(r.data), clock.trusted});
    }
    wanted_ = batch_.last;
}

} // namespace kilnwatt::journal
