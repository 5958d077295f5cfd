#include "agent/journal/segment_writer.hpp"

#include "agent/journal/budget.hpp"
#include "agent/journal/varint.hpp"

#include <fmt/format.h>

namespace kilnwatt::journal {
namespace {

/// UTC less what the clock entry says.
std::int64_t residual(stamp t, std::int64_t offset_ms)
{
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(t.utc.time_since_epoch().count()) -
                                     static_cast<std::uint64_t>(t.mono.time_since_epoch().count()) -
                                     static_cast<std::uint64_t>(offset_ms));
}

void save_directory_row(database& db, segment_info const& s)
{
    db.prepare("UPDATE segment SET last = ?, bytes = ?, utc_min = ?, utc_max = ? WHERE id = ?")
        .bind(s.range.last, s.bytes, s.utc_min, s.utc_max, s.id)
        .run();
}

} // namespace

segment_writer::segment_writer(database& db, stream kind, std::uint64_t segment_bytes,
                               std::optional<milliseconds> open_max)
    : db_{db}, kind_{kind}, segment_bytes_{segment_bytes}, open_max_{open_max}
{}

bool segment_writer::is_full(std::int64_t uptime_ms) const
{
    return info_.bytes >= segment_bytes_ || (open_max_ && uptime_ms - info_.opened >= open_max_->count());
}

void segment_writer::resume(segment_directory::list const& list)
{
    info_ = list.empty() ? segment_info{} : list.back();
    sealed_.reset();
    started_ = false;
    written_ = 0;
    insert_ = {};
    meter_ = {};
    block_ = 0;
}

void segment_writer::start_segment(position first, utc_time now, std::int64_t uptime_ms,
                                   std::int64_t& next_id)
{
    if (info_.id != 0) {
        save_directory_row(db_, info_);
        sealed_ = info_;
    }
    info_ = {};
    info_.id = next_id++;
    info_.range = {first, first};
    info_.opened = uptime_ms;
    started_ = true;
    meter_ = {};
    block_ = 0;
    db_.exec(fmt::format("CREATE TABLE {}(first INTEGER PRIMARY KEY, count INTEGER NOT NULL, block INTEGER NOT NULL, "
                         "body BLOB NOT NULL)",
                         segment_table(info_.id)));
    db_.prepare("INSERT INTO segment VALUES(?, ?, ?, ?, 0, ?, ?, ?, ?)")
        .bind(info_.id, static_cast<int>(kind_), first, first, info_.utc_min, info_.utc_max,
              std::int64_t{now.time_since_epoch().count()}, uptime_ms)
        .run();
    insert_ = {};
}

void segment_writer::write(std::span<record const> records, std::span<std::uint32_t const> layout_ids,
                           clock_entry const& clock, utc_time now, std::int64_t uptime_ms,
                           std::int64_t& next_id)
{
    auto first = records.front().pos;
    if (info_.id == 0 || (is_full(uptime_ms) && !started_))
        start_segment(first, now, uptime_ms, next_id);

    std::uint64_t count = 0;
    row_encoder::begin(body_);
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (block_ == 0) {
            encoder_.reset();
            block_ = first;
            block_bytes_ = 0;
            block_rows_ = 0;
        }
        auto const& r = records[i];
        encoder_.add(body_, layout_ids[i], r.seq, residual(r.data.time, clock.offset_ms), r.data);
        info_.note(r.data.time.utc, clock.trusted);
        ++count;
        ++block_rows_;
        auto const full = block_bytes_ + body_.size() >= block_bytes_max || block_rows_ >= block_rows_max;
        if (!full && i + 1 < records.size())
            continue;
        flush(first, count);
        if (full)
            block_ = 0;
        first += count;
        count = 0;
        row_encoder::begin(body_);
    }
}

void segment_writer::flush(position first, std::uint64_t count)
{
    if (!insert_)
        insert_ = db_.prepare(fmt::format("INSERT INTO {} VALUES(?, ?, ?, ?)", segment_table(info_.id)));
    insert_.bind(first, count, block_, blob_view{reinterpret_cast<std::uint8_t const*>(body_.data()), body_.size()})
        .run();
    block_bytes_ += body_.size();
    info_.bytes += meter_.add(body_.size());
    written_ += body_.size();
    info_.range.last = first + count;
}

void segment_writer::save()
{
    if (info_.id != 0)
        save_directory_row(db_, info_);
}

void segment_writer::committed(segment_directory::list& list)
{
    if (sealed_)
        list.back() = *sealed_;
    if (started_)
        list.push_back(info_);
    else if (info_.id != 0)
        list.back() = info_;
    sealed_.reset();
    started_ = false;
    written_ = 0;
}

void segment_writer::rolled_back(segment_directory::list const& list)
{
    resume(list);
}

} // namespace kilnwatt::journal
