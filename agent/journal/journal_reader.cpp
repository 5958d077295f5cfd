#include "agent/journal/journal_reader.hpp"

#include "agent/journal/error.hpp"
#include "agent/journal/file_index.hpp"
#include "agent/journal/inbox.hpp"
#include "agent/journal/ledger_book.hpp"
#include "agent/journal/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace kilnwatt::journal {
namespace {

namespace fs = std::filesystem;

/// Records between two looks at the directory; no transaction is longer, so that the writer's WAL stays small.
constexpr std::size_t chunk_records = 2'048;

std::uint64_t size_of(std::string const& path)
{
    std::error_code ec;
    auto const size = fs::file_size(path, ec);
    return ec ? 0 : size;
}

/// A WAL database needs its shared memory file even to be read. Where none can be made and no WAL is left behind, the
/// file is complete by itself.
std::unique_ptr<database> open_database(std::string const& path)
{
    try {
        auto db = std::make_unique<database>(path, database::mode::read_only);
        (void)identify(*db);
        return db;
    } catch (sqlite_error const& e) {
        if (e.code() != errc::cannot_open || size_of(path + "-wal") != 0 || size_of(path) == 0)
            throw;
    }
    return std::make_unique<database>(path, database::mode::immutable);
}

record_reader::stream_set streams_of(record_filter const& wanted)
{
    record_reader::stream_set set;
    for (auto const s : wanted.streams)
        set.set(static_cast<std::size_t>(s));
    return wanted.streams.empty() ? record_reader::all() : set;
}

bool accepts(record_filter const& wanted, record const& r)
{
    return (!wanted.times || (r.data.time.utc >= wanted.times->start && r.data.time.utc < wanted.times->end)) &&
           (wanted.devices.empty() || wanted.devices.contains(r.device()));
}

} // namespace

struct journal_reader::impl {
    impl(std::string p, std::unique_ptr<database> d) : path{std::move(p)}, db{std::move(d)}, index{*db} {}

    stream_status stream_of(stream s);
    std::optional<utc_time> time_at(stream s, position from, bool last);
    position skip_by_time(record_filter const& wanted, position from) const;

    std::string path;
    std::unique_ptr<database> db;
    file_index index;
};

journal_reader::journal_reader(std::unique_ptr<impl> i) : impl_{std::move(i)} {}
journal_reader::~journal_reader() = default;
journal_reader::journal_reader(journal_reader&&) noexcept = default;
journal_reader& journal_reader::operator=(journal_reader&&) noexcept = default;

result<journal_reader> journal_reader::open(std::string const& path, std::string& why)
{
    why.clear();
    try {
        auto db = open_database(path);
        switch (identify(*db)) {
        case identity::empty:
        case identity::foreign:
            why = fmt::format("{} is no journal of kilnwatt", path);
            return make_error_code(errc::corrupt);
        case identity::newer:
            why = fmt::format("the journal {} was written by a newer version of this program", path);
            return make_error_code(errc::newer_schema);
        case identity::ours:
            if (db->integer("PRAGMA user_version") >= schema_readable)
                break;
            why = fmt::format("the journal {} was written by an earlier version of this program: start the agent once, "
                              "which brings it up to date",
                              path);
            return make_error_code(errc::older_schema);
        }
        return journal_reader{std::make_unique<impl>(path, std::move(db))};
    } catch (sqlite_error const& e) {
        why = fmt::format("cannot read the journal {}: {}", path, e.what());
        return e.code();
    }
}

std::optional<utc_time> journal_reader::impl::time_at(stream s, position from, bool last)
{
    record_reader reader{index.view(), record_reader::stream_set{}.set(static_cast<std::size_t>(s))};
    reader.seek(from);
    record r;
    std::optional<utc_time> time;
    while (reader.next(r)) {
        time = r.data.time.utc;
        if (!last)
            break;
    }
    return time;
}

stream_status journal_reader::impl::stream_of(stream s)
{
    stream_status out{.kind = s};
    auto const& segments = index.segments.of(s);
    if (segments.empty())
        return out;
    out.segments = segments.size();
    out.bytes = index.segments.bytes(s);
    out.range = {segments.front().range.first, segments.back().range.last};
    out.first_time = time_at(s, out.range.first, false);
    out.last_time = time_at(s, out.range.last - 1, true);
    return out;
}

result<std::map<std::string, std::string>> journal_reader::memories()
{
    try {
        constexpr std::size_t prefix = 7; // of "device:"
        std::map<std::string, std::string> all;
        auto rows = impl_->db->prepare("SELECT sink, body FROM cursor WHERE sink LIKE 'device:%'");
        while (rows.step()) {
            auto const body = rows.blob(1);
            all[rows.text(0).substr(prefix)] = {body.begin(), body.end()};
        }
        return all;
    } catch (sqlite_error const& e) {
        return e.code();
    }
}

result<journal_status> journal_reader::status()
{
    auto& i = *impl_;
    try {
        transaction t{*i.db, transaction::kind::read};
        (void)i.index.load();
        journal_status out{.epoch = i.db->text("SELECT value FROM meta WHERE key = 'epoch'"),
                           .schema = i.db->integer("PRAGMA user_version"),
                           .file_bytes = size_of(i.path),
                           .wal_bytes = size_of(i.path + "-wal"),
                           .boot = static_cast<std::uint32_t>(i.db->integer("SELECT max(id) FROM boot")),
                           .head = i.index.head,
                           .oldest = i.index.segments.oldest()};
        for (int s = 0; s < stream_count; ++s)
            out.streams.push_back(i.stream_of(static_cast<stream>(s)));
        for (auto const& [device, counts] : i.index.counts)
            out.ledger[device] = {counts.unstored, 0, counts.unstored, counts.dropped};
        for (auto const& [device, seqs] : i.index.seqs)
            if (auto const stored = stored_of(seqs); stored != 0) {
                out.ledger[device].stored = stored;
                out.ledger[device].read += stored;
            }
        auto rows = i.db->prepare("SELECT sink, unconfirmed, body FROM cursor WHERE sink NOT LIKE 'device:%'");
        while (rows.step()) {
            auto const body = rows.blob(2);
            out.cursors[rows.text(0)] = {{body.begin(), body.end()}, static_cast<position>(rows.integer(1))};
        }
        return out;
    } catch (sqlite_error const& e) {
        return e.code();
    }
}

/// The lowest position from which on a segment of a wanted stream can hold a row of the wanted times.
position journal_reader::impl::skip_by_time(record_filter const& wanted, position from) const
{
    if (!wanted.times)
        return from;
    auto const set = streams_of(wanted);
    auto lowest = no_position;
    for (int s = 0; s < stream_count; ++s) {
        if (!set.test(static_cast<std::size_t>(s)))
            continue;
        auto const& segments = index.segments.of(static_cast<stream>(s));
        for (auto const& g : segments) {
            auto const newest = &g == &segments.back(); // its times are not complete in the file
            auto const apart = g.utc_max < wanted.times->start.time_since_epoch().count() ||
                               g.utc_min >= wanted.times->end.time_since_epoch().count();
            if (g.range.last <= from || (apart && !newest))
                continue;
            lowest = std::min(lowest, std::max(from, g.range.first));
            break;
        }
    }
    return lowest;
}

result<std::vector<position_range>> journal_reader::for_each_record(record_filter const& wanted,
                                                                    std::function<bool(record const&)> const& each,
                                                                    progress const& report)
{
    auto& index = impl_->index;
    std::vector<position_range> damaged;
    try {
        record_reader reader{index.view(), streams_of(wanted)};
        auto end = no_position;
        auto begin = wanted.positions.first;
        for (auto at = begin;;) {
            transaction t{*impl_->db, transaction::kind::read};
            index.refresh();
            if (end == no_position) {
                end = std::min(wanted.positions.last, index.segments.head());
                begin = std::max(begin, index.segments.oldest());
            }
            at = impl_->skip_by_time(wanted, at);
            if (at >= end)
                break;
            if (reader.at() != at)
                reader.seek(at);
            record r;
            std::size_t given = 0;
            for (; given < chunk_records && reader.next(r) && r.pos < end; ++given)
                if (accepts(wanted, r) && !each(r))
                    return damaged;
            for (auto const& d : reader.damaged())
                damaged.push_back(d);
            if (given < chunk_records)
                break;
            at = reader.at();
            if (report &&
                !report(static_cast<double>(at - begin) / static_cast<double>(std::max<position>(end - begin, 1))))
                return damaged;
        }
        if (report)
            (void)report(1.0);
        return damaged;
    } catch (sqlite_error const& e) {
        return e.code();
    }
}

result<std::vector<row>> journal_reader::inbox()
{
    try {
        std::int64_t last = 0;
        return waiting(*impl_->db, inbox_rows_max, last);
    } catch (sqlite_error const& e) {
        return e.code();
    }
}

result<std::vector<std::string>> journal_reader::integrity_check(progress const& report)
{
    std::vector<std::string> findings;
    auto const find = [&](std::string sentence) {
        if (findings.size() < findings_max)
            findings.push_back(std::move(sentence));
    };
    try {
        auto check = impl_->db->prepare(fmt::format("PRAGMA integrity_check({})", findings_max));
        while (check.step())
            if (auto text = check.text(0); text != "ok")
                find(std::move(text));
    } catch (sqlite_error const& e) {
        find(e.what());
        return findings;
    }

    position last = 0;
    std::map<std::pair<std::string, stream>, std::uint64_t> seqs;
    auto const each = [&](record const& r) {
        if (r.pos <= last)
            find(fmt::format("position {} follows {}", r.pos, last));
        last = r.pos;
        auto& seq = seqs[{r.device(), r.kind()}];
        if (seq != 0 && r.seq != seq + 1)
            find(fmt::format("{} {}: seq {} at position {} follows {}", r.device(), to_string(r.kind()), r.seq, r.pos,
                             seq));
        seq = r.seq;
        return true;
    };
    auto const damaged = for_each_record({}, each, report);
    if (damaged.has_error())
        return damaged.error();
    for (auto const& d : *damaged)
        find(fmt::format("records {} to {} do not decode", d.first, d.last - 1));
    return findings;
}

} // namespace kilnwatt::journal
