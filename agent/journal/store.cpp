#include "agent/journal/store.hpp"

#include "agent/journal/error.hpp"

#include <algorithm>
#include <cstdlib>

namespace kilnwatt::journal {
namespace {

/// Layout objects kept for quick look-up; a caller that makes a new object a row pays for it, but fills no memory.
constexpr std::size_t known_layouts_max = 4'096;

/// Seqs and segment ends are saved after this many bytes of rows, so that a start reads no more than this again.
constexpr std::uint64_t uncounted_bytes_max = 1u << 20;
constexpr std::int64_t uncounted_ms_max = 600'000; ///< of uptime, so that a kill costs the age of segments no more

std::int64_t total_offset(stamp t)
{
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(t.utc.time_since_epoch().count()) -
                                     static_cast<std::uint64_t>(t.mono.time_since_epoch().count()));
}

/// A time that lies near what the clock entry says becomes what it says: that is what will be read back. So does one
/// from before the step that the entry was made for, when it is the step that tells what time it was.
void snap(stamp& t, clock_entry const& clock)
{
    auto const residual = static_cast<std::int64_t>(static_cast<std::uint64_t>(total_offset(t)) -
                                                    static_cast<std::uint64_t>(clock.offset_ms));
    auto const near = residual >= -clock_tolerance_ms && residual <= clock_tolerance_ms;
    auto const beyond = residual < -far_step_ms || residual > far_step_ms;
    if (near || (beyond && (!clock.trusted || t.utc < trusted_since)))
        t.utc = utc_time{t.mono.time_since_epoch() + milliseconds{clock.offset_ms}};
}

} // namespace

batch store::assemble(std::vector<row> rows) const
{
    std::array<std::vector<row*>, stream_count> by_stream;
    for (auto& r : rows)
        if (canonical(r))
            by_stream[static_cast<std::size_t>(r.layout->kind)].push_back(&r);
    batch records;
    records.reserve(rows.size());
    auto pos = index_.head;
    for (auto const& of_stream : by_stream)
        for (auto* const r : of_stream)
            records.push_back({pos++, 0, boot_, std::move(*r), true});
    return records;
}

result<void> store::write(batch& records, commit_extras const& extras, stamp now)
{
    try {
        transaction t{*db_};
        if (auto const boot = boot_unwritten_) {
            write_boot();
            boot_unwritten_ = boot; // until the commit
        }
        auto const clock = records.empty() ? std::nullopt : index_.clocks.due(index_.head, boot_, now);
        if (clock)
            db_->prepare("INSERT OR REPLACE INTO clock VALUES(?, ?, ?, ?)")
                .bind(clock->first, clock->boot, clock->offset_ms, clock->trusted ? 1 : 0)
                .run();
        auto const entry = clock.value_or(index_.clocks.last());
        complete(records, entry);
        write_streams(records, entry, now);
        write_extras(extras);
        auto written = uncounted_bytes_;
        for (auto const& w : writers_)
            written += w.written();
        auto const save =
            extras.count_now || written >= uncounted_bytes_max || uptime_ms(now) - counted_uptime_ >= uncounted_ms_max;
        if (save)
            save_counts(index_.head + records.size(), uptime_ms(now));
        t.commit();
        boot_unwritten_.reset();
        uncounted_bytes_ = save ? 0 : written;
        if (save) {
            saved_seqs_ = index_.seqs;
            counted_uptime_ = uptime_ms(now);
        }
        committed(records, clock);
        return {};
    } catch (sqlite_error const& e) {
        rolled_back(records);
        return e.code();
    }
}

store::known_layout const& store::know(layout_ptr const& l)
{
    if (auto const known = known_layouts_.find(l.get()); known != known_layouts_.end())
        return known->second;
    if (known_layouts_.size() >= known_layouts_max)
        known_layouts_.clear();
    known_layout k{l, index_.layouts.intern(l), &index_.seqs[l->device][static_cast<std::size_t>(l->kind)]};
    return known_layouts_.emplace(l.get(), std::move(k)).first->second;
}

void store::complete(batch& records, clock_entry const& clock)
{
    layout_ids_.clear();
    for (auto& r : records) {
        auto const& k = know(r.data.layout);
        r.seq = ++*k.seq;
        layout_ids_.push_back(k.stored.id);
        if (r.data.layout != k.stored.layout)
            r.data.layout = k.stored.layout;
        snap(r.data.time, clock);
        r.trusted = clock.trusted;
    }
}

void store::write_streams(batch const& records, clock_entry const& clock, stamp now)
{
    std::span<record const> const all{records};
    std::span<std::uint32_t const> const ids{layout_ids_};
    for (std::size_t start = 0; start < all.size();) {
        auto const kind = all[start].kind();
        auto end = start;
        while (end < all.size() && all[end].kind() == kind)
            ++end;
        auto& w = writers_[static_cast<std::size_t>(kind)];
        w.write(all.subspan(start, end - start), ids.subspan(start, end - start), clock, now.utc, uptime_ms(now),
                next_segment_);
        start = end;
    }
}

void store::write_extras(commit_extras const& extras)
{
    if (extras.snapshot != nullptr) {
        auto const& body = extras.snapshot->body;
        db_->prepare("INSERT OR REPLACE INTO stage VALUES(1, ?, ?)")
            .bind(extras.snapshot->covers, blob_view{reinterpret_cast<std::uint8_t const*>(body.data()), body.size()})
            .run();
    }
    if (extras.cursors != nullptr && !extras.cursors->empty()) {
        auto save = db_->prepare("INSERT OR REPLACE INTO cursor VALUES(?, ?, ?)");
        for (auto const& [sink, c] : *extras.cursors)
            save.bind(sink, c.unconfirmed,
                      blob_view{reinterpret_cast<std::uint8_t const*>(c.body.data()), c.body.size()})
                .run();
    }
    if (extras.inbox_until > 0)
        db_->prepare("DELETE FROM inbox WHERE id <= ?").bind(extras.inbox_until).run();
    if (extras.unstored != nullptr && !extras.unstored->empty()) {
        auto save = db_->prepare("INSERT INTO ledger VALUES(?, ?, 0) "
                                 "ON CONFLICT(device) DO UPDATE SET unstored = excluded.unstored");
        for (auto const& [device, total] : *extras.unstored)
            save.bind(device, total).run();
    }
}

void store::save_counts(position head, std::int64_t uptime)
{
    auto save = db_->prepare("INSERT OR REPLACE INTO sequence VALUES(?, ?, ?)");
    for (auto const& [device, seqs] : index_.seqs) {
        auto const& saved = saved_seqs_[device];
        for (std::size_t s = 0; s < seqs.size(); ++s)
            if (seqs[s] != saved[s])
                save.bind(device, static_cast<std::int64_t>(s), seqs[s]).run();
    }
    for (auto& w : writers_)
        w.save();
    db_->prepare("UPDATE meta SET value = ? WHERE key = 'counted'").bind(head).run();
    db_->prepare("UPDATE meta SET value = ? WHERE key = 'uptime'").bind(uptime).run();
}

void store::committed(batch const& records, std::optional<clock_entry> const& clock)
{
    if (clock)
        index_.clocks.add(*clock);
    index_.layouts.committed();
    index_.head += records.size();
    for (int s = 0; s < stream_count; ++s)
        writers_[static_cast<std::size_t>(s)].committed(index_.segments.of(static_cast<stream>(s)));
}

void store::rolled_back(batch const& records)
{
    for (auto r = records.rbegin(); r != records.rend(); ++r)
        if (r->seq != 0)
            index_.seqs[r->device()][static_cast<std::size_t>(r->kind())] = r->seq - 1;
    known_layouts_.clear();
    index_.layouts.rolled_back();
    for (int s = 0; s < stream_count; ++s)
        writers_[static_cast<std::size_t>(s)].rolled_back(index_.segments.of(static_cast<stream>(s)));
}

} // namespace kilnwatt::journal
