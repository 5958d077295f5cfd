#include "agent/journal/sql_tables.hpp"

#include "agent/journal/error.hpp"
#include "agent/journal/sqlite.hpp"
#include "core/aggregate_columns.hpp"
#include "core/event_row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>

namespace kilnwatt::journal {
namespace {

constexpr std::int64_t tables_id = 0x4B775432; ///< "KwT2"

constexpr auto schema = R"sql(
CREATE TABLE source(epoch TEXT NOT NULL, next INTEGER NOT NULL);
CREATE TABLE window_value(
    device TEXT NOT NULL, period TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, point TEXT NOT NULL,
    revision INTEGER NOT NULL, unit TEXT NOT NULL, mean REAL, min REAL, max REAL, last REAL, delta REAL, partial REAL,
    coverage REAL, method TEXT, quality TEXT, PRIMARY KEY(device, period, start, point)) WITHOUT ROWID;
CREATE TABLE kpi_value(
    metric TEXT NOT NULL, period TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    revision INTEGER NOT NULL, unit TEXT NOT NULL, value REAL, partial REAL, coverage REAL, method TEXT, quality TEXT,
    at INTEGER, PRIMARY KEY(metric, period, start)) WITHOUT ROWID;
CREATE TABLE event_value(
    seq INTEGER PRIMARY KEY, time INTEGER NOT NULL, severity TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
    message TEXT NOT NULL);
CREATE VIEW windows AS
    SELECT device, point, period, strftime('%Y-%m-%dT%H:%M:%SZ', start / 1000, 'unixepoch') AS start,
           strftime('%Y-%m-%dT%H:%M:%SZ', "end" / 1000, 'unixepoch') AS "end", mean, min, max, last, delta, partial,
           unit, coverage, method, quality, revision
    FROM window_value;
CREATE VIEW kpis AS
    SELECT metric, period, strftime('%Y-%m-%dT%H:%M:%SZ', start / 1000, 'unixepoch') AS start,
           strftime('%Y-%m-%dT%H:%M:%SZ', "end" / 1000, 'unixepoch') AS "end", value, partial, unit, coverage, method,
           quality, revision, strftime('%Y-%m-%dT%H:%M:%SZ', at / 1000, 'unixepoch') AS at
    FROM kpi_value;
CREATE VIEW events AS
    SELECT strftime('%Y-%m-%dT%H:%M:%fZ', time / 1000.0, 'unixepoch') AS time, severity, kind, subject, message, seq
    FROM event_value;
)sql";

/// A point or metric of a row: its columns by what stands behind its name.
struct group {
    std::string name;
    std::map<std::string_view, std::size_t> column; ///< by ".mean", ".coverage", ...; "" is a metric itself
};

constexpr std::array parts{aggregate::mean,    aggregate::min,    aggregate::max,
                           aggregate::last,    aggregate::delta,  aggregate::coverage,
                           aggregate::partial, aggregate::method, aggregate::at};

std::vector<group> groups_of(layout const& l)
{
    std::vector<group> all;
    for (std::size_t i = 0; i < l.columns.size(); ++i) {
        std::string_view const name = l.columns[i].name;
        if (name == aggregate::start || name == aggregate::end || name == aggregate::revision)
            continue;
        auto const part = std::find_if(parts.begin(), parts.end(), [&](auto p) { return name.ends_with(p); });
        auto const suffix = part == parts.end() ? std::string_view{} : *part;
        auto const stem = name.substr(0, name.size() - suffix.size());
        if (all.empty() || all.back().name != stem)
            all.push_back({std::string{stem}, {}});
        all.back().column[suffix] = i;
    }
    return all;
}

std::int64_t time_column(row const& r, std::string_view name)
{
    auto const& c = r.layout->columns;
    auto const at = std::find_if(c.begin(), c.end(), [&](column const& x) { return x.name == name; });
    if (at == c.end())
        return 0;
    auto const v = scaled(r, static_cast<std::size_t>(at - c.begin()));
    auto const* const number = std::get_if<std::int64_t>(&v);
    return number != nullptr ? *number : 0;
}

std::optional<double> number(row const& r, group const& g, std::string_view part)
{
    auto const at = g.column.find(part);
    if (at == g.column.end())
        return std::nullopt;
    auto const v = scaled_number(r, at->second);
    return std::isnan(v) ? std::nullopt : std::optional{v};
}

std::optional<std::string> method(row const& r, group const& g)
{
    auto const at = g.column.find(aggregate::method);
    if (at == g.column.end() || !r.cells[at->second].present)
        return std::nullopt;
    for (auto const& [code, name] : r.layout->columns[at->second].states)
        if (code == static_cast<std::int64_t>(r.cells[at->second].bits))
            return name;
    return std::nullopt;
}

/// The column that has the unit and the quality: the mean, the delta or the metric.
std::size_t leading(group const& g)
{
    for (auto const part : {aggregate::mean, aggregate::delta, std::string_view{}})
        if (auto const at = g.column.find(part); at != g.column.end())
            return at->second;
    return g.column.begin()->second;
}

} // namespace

struct sql_tables::impl {
    explicit impl(std::string const& path) : db{path, database::mode::read_write} {}

    void prepare();
    void add_windows(record const& r);
    void add_kpis(record const& r);
    void add_event(record const& r);

    database db;
    position next = 1;
    std::optional<transaction> open;
    statement window, kpi, event;
};

void sql_tables::impl::prepare()
{
    constexpr auto newest = "WHERE excluded.revision >= revision";
    window = db.prepare(fmt::format(
        "INSERT INTO window_value VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16) "
        "ON CONFLICT DO UPDATE SET \"end\"=?4, revision=?6, unit=?7, mean=?8, min=?9, max=?10, last=?11, delta=?12, "
        "partial=?13, coverage=?14, method=?15, quality=?16 {}",
        newest));
    kpi = db.prepare(fmt::format("INSERT INTO kpi_value VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12) "
                                 "ON CONFLICT DO UPDATE SET \"end\"=?4, revision=?5, unit=?6, value=?7, partial=?8, "
                                 "coverage=?9, method=?10, quality=?11, at=?12 {}",
                                 newest));
    event = db.prepare("INSERT OR REPLACE INTO event_value VALUES(?, ?, ?, ?, ?, ?)");
}

void sql_tables::impl::add_windows(record const& r)
{
    auto const& x = r.data;
    auto const period = to_string(r.kind()).substr(to_string(r.kind()).find('/') + 1);
    for (auto const& g : groups_of(*x.layout)) {
        auto const lead = leading(g);
        window
            .bind(r.device(), period, time_column(x, aggregate::start), time_column(x, aggregate::end), g.name,
                  time_column(x, aggregate::revision), x.layout->columns[lead].unit, number(x, g, aggregate::mean),
                  number(x, g, aggregate::min), number(x, g, aggregate::max), number(x, g, aggregate::last),
                  number(x, g, aggregate::delta), number(x, g, aggregate::partial), number(x, g, aggregate::coverage),
                  method(x, g), to_string(x.cells[lead].q))
            .run();
    }
}

void sql_tables::impl::add_kpis(record const& r)
{
    auto const& x = r.data;
    auto const period = to_string(r.kind()).substr(to_string(r.kind()).find('/') + 1);
    for (auto const& g : groups_of(*x.layout)) {
        auto const lead = leading(g);
        kpi.bind(g.name, period, time_column(x, aggregate::start), time_column(x, aggregate::end),
                 time_column(x, aggregate::revision), x.layout->columns[lead].unit, number(x, g, {}),
                 number(x, g, aggregate::partial), number(x, g, aggregate::coverage), method(x, g),
                 to_string(x.cells[lead].q), number(x, g, aggregate::at))
            .run();
    }
}

void sql_tables::impl::add_event(record const& r)
{
    auto const e = event_of(r.data);
    if (e)
        event
            .bind(r.seq, std::int64_t{r.data.time.utc.time_since_epoch().count()}, to_string(e->severity), e->kind,
                  e->subject, e->message)
            .run();
}

sql_tables::sql_tables(std::unique_ptr<impl> i) : impl_{std::move(i)} {}
sql_tables::~sql_tables() = default;
sql_tables::sql_tables(sql_tables&&) noexcept = default;
sql_tables& sql_tables::operator=(sql_tables&&) noexcept = default;

result<sql_tables> sql_tables::open(std::string const& path, std::string const& epoch, std::string& why)
{
    why.clear();
    try {
        auto i = std::make_unique<impl>(path);
        auto& db = i->db;
        if (db.integer("PRAGMA schema_version") == 0) {
            transaction t{db};
            db.exec(schema);
            db.exec(fmt::format("PRAGMA application_id = {}", tables_id));
            db.prepare("INSERT INTO source VALUES(?, 1)").bind(epoch).run();
            t.commit();
        }
        if (db.integer("PRAGMA application_id") != tables_id) {
            why = fmt::format("{} is another program's file", path);
            return make_error_code(errc::corrupt);
        }
        if (auto const held = db.text("SELECT epoch FROM source"); held != epoch) {
            why = fmt::format("{} holds figures of another journal (epoch {}, this one is {}): name another file", path,
                              held, epoch);
            return make_error_code(errc::in_use);
        }
        i->next = static_cast<position>(db.integer("SELECT next FROM source"));
        i->prepare();
        return sql_tables{std::move(i)};
    } catch (sqlite_error const& e) {
        why = fmt::format("cannot write {}: {}", path, e.what());
        return e.code();
    }
}

position sql_tables::next() const
{
    return impl_->next;
}

result<void> sql_tables::add(record const& r)
{
    auto& i = *impl_;
    try {
        if (!i.open)
            i.open.emplace(i.db);
        if (is_window(r.kind()))
            i.add_windows(r);
        else if (is_kpi(r.kind()))
            i.add_kpis(r);
        else if (r.kind() == stream::event)
            i.add_event(r);
        return {};
    } catch (sqlite_error const& e) {
        i.open.reset();
        return e.code();
    }
}

result<void> sql_tables::commit(position next)
{
    auto& i = *impl_;
    try {
        if (!i.open)
            i.open.emplace(i.db);
        i.db.prepare("UPDATE source SET next = ?").bind(next).run();
        i.open->commit();
        i.open.reset();
        i.next = next;
        return {};
    } catch (sqlite_error const& e) {
        i.open.reset();
        return e.code();
    }
}

} // namespace kilnwatt::journal
