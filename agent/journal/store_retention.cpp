#include "agent/journal/error.hpp"
#include "agent/journal/ledger_book.hpp"
#include "agent/journal/retention.hpp"
#include "agent/journal/store.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kilnwatt::journal {

namespace {

constexpr std::size_t counted_a_step = 4'096;

} // namespace

bool store::disk_short()
{
    auto const free = options_.disk_free ? options_.disk_free() : disk_free(options_.path);
    if (free >= options_.disk_free_min)
        return false;
    auto const unused = db_->integer("PRAGMA freelist_count") * db_->integer("PRAGMA page_size");
    return static_cast<std::uint64_t>(unused) < 2 * options_.segment_bytes;
}

result<bool> store::trim_step(position unconfirmed, stamp now, std::vector<dropped_range>& dropped)
{
    try {
        auto const victim =
            next_to_drop(index_.segments, {options_.budgets, options_.segment_bytes, uptime_ms(now), disk_short()});
        if (!victim)
            return false;
        if (!count_some(*victim, unconfirmed))
            return true;
        drop_oldest(*victim);
        for (auto const& [device, range] : counting_.found)
            dropped.push_back(range);
        counting_ = {};
        return true;
    } catch (sqlite_error const& e) {
        counting_ = {};
        return {boost::system::in_place_error, e.code()};
    }
}

bool store::make_room(position unconfirmed, stamp now, std::vector<dropped_range>& dropped)
{
    auto given = reserve_.release();
    try {
        db_->exec("PRAGMA wal_checkpoint(PASSIVE)");
        if (db_->integer("PRAGMA freelist_count") * db_->integer("PRAGMA page_size") >
            static_cast<std::int64_t>(options_.segment_bytes))
            return true;
        auto const victim =
            next_to_drop(index_.segments, {options_.budgets, options_.segment_bytes, uptime_ms(now), true});
        if (!victim)
            return given;
        while (!count_some(*victim, unconfirmed)) {
        }
        drop_oldest(*victim);
        for (auto const& [device, range] : counting_.found)
            dropped.push_back(range);
        given = true;
    } catch (sqlite_error const&) {
        // what was given so far has to do; the caller's next attempt tells
    }
    counting_ = {};
    return given;
}

/// True when the segment is counted to its end.
bool store::count_some(stream kind, position unconfirmed)
{
    auto const s = index_.segments.of(kind).front();
    if (counting_.segment != s.id) {
        counting_ = {};
        counting_.segment = s.id;
        if (s.range.last > unconfirmed) {
            counting_.reader = std::make_unique<record_reader>(
                index_.view(), record_reader::stream_set{}.set(static_cast<std::size_t>(kind)));
            counting_.reader->seek(std::max(s.range.first, unconfirmed));
        }
    }
    if (!counting_.reader)
        return true;
    record r;
    for (std::size_t n = 0; n < counted_a_step; ++n) {
        if (!counting_.reader->next(r) || r.pos >= s.range.last)
            return true;
        auto const [range, added] =
            counting_.found.try_emplace(r.device(), dropped_range{r.device(), kind, r.seq, r.seq});
        range->second.last_seq = r.seq;
    }
    return false;
}

/// One transaction: the table, its directory row, the counts that would be found in it no more, and clock entries that
/// nothing refers to.
void store::drop_oldest(stream s)
{
    auto& segments = index_.segments.of(s);
    auto const victim = segments.front();
    segments.pop_front();
    auto const oldest = index_.segments.oldest();
    segments.push_front(victim);

    transaction t{*db_};
    db_->exec(fmt::format("DROP TABLE {}", segment_table(victim.id)));
    db_->prepare("DELETE FROM segment WHERE id = ?").bind(victim.id).run();
    auto add = db_->prepare("INSERT INTO ledger VALUES(?, 0, ?) "
                            "ON CONFLICT(device) DO UPDATE SET dropped = dropped + excluded.dropped");
    if (in_ledger(s))
        for (auto const& [device, range] : counting_.found)
            add.bind(device, range.last_seq - range.first_seq + 1).run();
    save_counts(index_.head, counted_uptime_);
    db_->prepare("DELETE FROM clock WHERE first < (SELECT max(first) FROM clock WHERE first <= ?)").bind(oldest).run();
    t.commit();
    segments.pop_front();
    saved_seqs_ = index_.seqs;
    uncounted_bytes_ = 0;
}

result<batch> store::read(position_range range, std::size_t max, position& next, std::vector<position_range>& damaged)
{
    range.last = std::min(range.last, index_.head);
    next = range.first;
    batch records;
    if (max == 0)
        return records;
    try {
        if (reader_.at() != range.first)
            reader_.seek(range.first);
        record r;
        while (records.size() < max && reader_.next(r) && r.pos < range.last)
            records.push_back(std::move(r));
    } catch (sqlite_error const& e) {
        reader_.seek(index_.head);
        return e.code();
    }
    damaged = reader_.damaged();
    next = records.size() == max ? records.back().pos + 1 : std::max(range.first, range.last);
    return records;
}

} // namespace kilnwatt::journal
