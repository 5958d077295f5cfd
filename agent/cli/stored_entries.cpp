#include "agent/cli/stored_entries.hpp"

#include "agent/control/plant_of.hpp"
#include "agent/journal/entry_rows.hpp"
#include "agent/savings/baseline_json.hpp"
#include "core/aggregate_columns.hpp"

#include <fmt/chrono.h>

#include <filesystem>
#include <ostream>

namespace kilnwatt::cli {
namespace {

constexpr std::string_view baseline_source = "kilnwatt baseline";

void add(stored_entries& all, row const& r)
{
    if (auto e = entries::entry_of(r)) {
        all.book.add(std::move(*e));
        return;
    }
    if (auto x = exchange_of(r)) {
        all.exchanges.push_back(std::move(*x));
        return;
    }
    if (r.layout->source != baseline_source || r.texts.empty())
        return;
    if (auto b = savings::baseline_from_json(r.texts.front()))
        all.baselines.emplace(b->id, std::move(*b));
}

std::optional<std::size_t> column_of(row const& r, std::string_view name)
{
    for (std::size_t i = 0; i < r.layout->columns.size(); ++i)
        if (r.layout->columns[i].name == name)
            return i;
    return std::nullopt;
}

} // namespace

std::optional<settings::site> site_of(std::string const& file, streams io)
{
    auto loaded = settings::load_site(file);
    for (auto const& d : *loaded.found)
        io.err << config::to_string(d) << '\n';
    return loaded.found->empty() ? std::optional{std::move(loaded.value)} : std::nullopt;
}

std::optional<stored_entries> read_entries(std::string const& journal, streams io)
{
    stored_entries all;
    std::error_code ec;
    if (!std::filesystem::exists(journal, ec) && !ec)
        return all;
    std::string why;
    auto reader = journal::journal_reader::open(journal, why);
    if (reader.has_error()) {
        io.err << why << '\n';
        return std::nullopt;
    }
    if (auto const read = journal::for_each_entry(*reader, [&](row const& r) { add(all, r); }); read.has_error()) {
        io.err << journal << ": " << read.error().message() << '\n';
        return std::nullopt;
    }
    return all;
}

row to_row(savings::baseline const& b)
{
    auto l = std::make_shared<layout>();
    l->device = aggregate::site;
    l->kind = stream::entry;
    l->source = baseline_source;
    column c;
    c.name = "baseline";
    c.kind = value_kind::text;
    l->columns = {c};
    row r;
    r.layout = std::move(l);
    r.texts = {savings::to_json(b)};
    r.cells = {cell_of(std::uint64_t{0})};
    return r;
}

std::optional<series> read_series(settings::site const& site, stored_entries const& typed, std::string const& metric,
                                  savings::step length, streams io)
{
    series all;
    auto const digits = length == savings::step::month ? std::size_t{7} : std::size_t{10};
    std::error_code ec;
    std::string why;
    if (std::filesystem::exists(site.journal.path, ec)) {
        auto reader = journal::journal_reader::open(site.journal.path, why);
        if (reader.has_error()) {
            io.err << why << '\n';
            return std::nullopt;
        }
        journal::record_filter wanted;
        wanted.streams = {length == savings::step::month ? stream::kpi_month : stream::kpi_day};
        auto const calendar = control::plant_of(site).local_time;
        auto const damaged = reader->for_each_record(wanted, [&](record const& r) {
            auto const at = column_of(r.data, metric);
            auto const start = column_of(r.data, aggregate::start);
            if (!at || !start)
                return true;
            auto const local = calendar.local(static_cast<energy::instant>(scaled_number(r.data, *start)));
            auto const label = fmt::format("{:%Y-%m-%d}", fmt::gmtime(local / 1000)).substr(0, digits);
            auto const v = scaled_number(r.data, *at);
            if (v == v && severity_of(r.data.cells[*at].q) != severity::bad)
                all[label] = {v, r.data.layout->columns[*at].unit, r.data.cells[*at].q};
            else
                all.erase(label); // a later revision took it back
            return true;
        });
        if (damaged.has_error()) {
            io.err << site.journal.path << ": " << damaged.error().message() << '\n';
            return std::nullopt;
        }
    }
    for (auto const* e : typed.book.of(metric))
        if (e->period.size() == digits)
            all[e->period] = {e->value, e->unit, quality::manual_value};
    return all;
}

} // namespace kilnwatt::cli
