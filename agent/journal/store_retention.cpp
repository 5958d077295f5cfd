#include "agent/journal/error.hpp"
#include "agent/journal/store.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kilnwatt::journal {

result<std::map<std::string, std::uint64_t>> store::trim(position unconfirmed)
{
    std::map<std::string, std::uint64_t> all_dropped;
    try {
        for (int i = 0; i < stream_count; ++i) {
            auto const s = static_cast<stream>(i);
            auto& segments = index_.segments.of(s);
            while (segments.size() > 1 && index_.segments.bytes(s) > options_.size_max[i]) {
                std::map<std::string, std::uint64_t> dropped;
                if (s == stream::readings)
                    count_dropped(segments.front(), unconfirmed, dropped);
                drop_oldest(s, dropped);
                for (auto const& [device, n] : dropped)
                    all_dropped[device] += n;
            }
        }
        return all_dropped;
    } catch (sqlite_error const& e) {
        if (!all_dropped.empty())
            return all_dropped;
        return e.code();
    }
}

void store::count_dropped(segment_info const& s, position unconfirmed, std::map<std::string, std::uint64_t>& dropped)
{
    if (s.range.last <= unconfirmed)
        return;
    record_reader reader{index_.view(), record_reader::stream_set{}.set(static_cast<std::size_t>(stream::readings))};
    reader.seek(std::max(s.range.first, unconfirmed));
    record r;
    while (reader.next(r) && r.pos < s.range.last)
        ++dropped[r.device()];
}

/// One transaction: the table, its directory row, the counts that would be found in it no more, and clock entries that
/// nothing refers to.
void store::drop_oldest(stream s, std::map<std::string, std::uint64_t> const& dropped)
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
    for (auto const& [device, n] : dropped)
        add.bind(device, n).run();
    save_counts(index_.head);
    db_->prepare("DELETE FROM clock WHERE first < (SELECT max(first) FROM clock WHERE first <= ?)")
        .bind(oldest)
        .run();
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
