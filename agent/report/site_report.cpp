#include "agent/report/site_report.hpp"

#include "agent/report/entered_figures.hpp"
#include "core/aggregate_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace kilnwatt::report {
namespace {

using energy::instant;

constexpr instant day_ms = 24 * energy::hour;

journal::record_filter filter_of(std::set<stream> streams, std::optional<energy::time_span> when)
{
    journal::record_filter wanted;
    wanted.streams = std::move(streams);
    if (when) // rows are stamped with the end of their window
        wanted.times = time_range{utc_time{milliseconds{when->start}}, utc_time{milliseconds{when->end + day_ms}}};
    return wanted;
}

std::optional<report_event> event_of(row const& r)
{
    std::map<std::string_view, std::string> found;
    for (std::size_t i = 0; i < r.layout->columns.size() && i < r.cells.size(); ++i) {
        auto const& c = r.layout->columns[i];
        auto const v = scaled(r, i);
        if (auto const* text = std::get_if<std::string>(&v))
            found[c.name] = *text;
        for (auto const& [number, word] : c.states)
            if (r.cells[i].present && number == static_cast<std::int64_t>(r.cells[i].bits))
                found[c.name] = word;
    }
    if (found[aggregate::event_message].empty())
        return std::nullopt;
    return report_event{r.time.utc, found[aggregate::event_kind], found[aggregate::event_subject],
                        found[aggregate::event_severity], found[aggregate::event_message]};
}

bool read(journal::journal_reader& reader, journal::record_filter const& wanted,
          std::function<void(row const&)> const& each, std::string& why)
{
    auto const damaged = reader.for_each_record(wanted, [&](record const& r) {
        each(r.data);
        return true;
    });
    if (damaged.has_error())
        why = damaged.error().message();
    return damaged.has_value();
}

std::optional<std::vector<stored_period>> stored(journal::journal_reader& reader, stream kind, std::string& why)
{
    std::vector<stored_period> all;
    auto const each = [&](row const& r) {
        if (auto p = period_of(r))
            keep(all, std::move(*p));
    };
    return read(reader, filter_of({kind}, std::nullopt), each, why) ? std::optional{std::move(all)} : std::nullopt;
}

std::vector<tariff_line> tariff_of(stored_period const& p, energy::plant_model const& plant)
{
    std::vector<tariff_line> lines;
    if (!plant.prices)
        return lines;
    for (std::size_t i = 0; i < energy::tariff_period_count; ++i) {
        auto const period = static_cast<energy::tariff_period>(i);
        auto const* f = p.find("cost.e_" + std::string{to_string(period)});
        if (f == nullptr)
            continue;
        auto const price = plant.prices->price_at(period);
        lines.push_back({period, price, f->value, f->value ? std::optional{*f->value * price} : std::nullopt, f->q});
    }
    double sum = 0;
    for (auto const& l : lines)
        sum += l.cost.value_or(0);
    constexpr double tolerance = 0.001;
    if (auto const billed = p.value("cost.energy"); billed && std::abs(sum - *billed) > tolerance * std::abs(*billed))
        for (auto& l : lines)
            l.cost.reset(); // prices changed since: what each quarter of an hour cost is in the sum alone
    return lines;
}

std::vector<target_line> targets_of(stored_period const& p, energy::plant_model const& plant,
                                    entries::entry_book const& typed)
{
    std::vector<target_line> lines;
    auto targets = plant.targets;
    take_entered_bases(targets, typed, plant);
    for (auto const& t : targets) {
        auto const* f = p.find(t.figure);
        if (f == nullptr)
            continue;
        target_line line{t, f->value, {}, f->q};
        if (f->value && t.base > 0)
            line.now = energy::progress_of(t, *f->value, plant.local_time.year_of(p.when.start));
        lines.push_back(std::move(line));
    }
    return lines;
}

/// A period from before the installation is one of those that can be reported when something was entered for it.
void add_entered_period(std::vector<stored_period>& all, report_request const& wanted, entries::entry_book const& typed,
                        energy::calendar const& c)
{
    auto const when = wanted.what == span::production_day ? std::nullopt : span_of(wanted.what, wanted.date, c);
    if (!when || typed.within(label_of(wanted.what, when->start, c)).empty())
        return;
    if (std::none_of(all.begin(), all.end(), [&](auto const& p) { return p.when.start == when->start; }))
        keep(all, {*when, -1, {}});
}

/// The period that was asked for among those that are stored.
stored_period const* chosen(std::vector<stored_period> const& all, report_request const& wanted,
                            energy::calendar const& c, std::string& why)
{
    if (all.empty()) {
        why = fmt::format("no {} is stored yet: a {} is stored when it is over", to_string(wanted.what),
                          to_string(wanted.what));
        return nullptr;
    }
    if (wanted.date.empty())
        return &all.back();
    auto const when = span_of(wanted.what, wanted.date, c);
    if (!when) {
        why = fmt::format("'{}' is no date of a {}: write one like {}", wanted.date, to_string(wanted.what),
                          label_of(wanted.what, all.back().when.start, c));
        return nullptr;
    }
    auto const p =
        std::find_if(all.begin(), all.end(), [&](stored_period const& x) { return x.when.start == when->start; });
    if (p != all.end())
        return &*p;
    why =
        fmt::format("nothing is stored of {}; the journal has {} to {}", wanted.date,
                    label_of(wanted.what, all.front().when.start, c), label_of(wanted.what, all.back().when.start, c));
    return nullptr;
}

std::map<std::string, std::string> groups_of(energy::plant_model const& plant)
{
    std::map<std::string, std::string> groups;
    for (auto const& d : plant.devices) {
        auto name = d.name;
        std::replace(name.begin(), name.end(), '-', '_');
        auto const* group = d.what == role::pv           ? "pv"
                            : d.what == role::motor      ? "motor"
                            : d.what == role::waste_heat ? "heat"
                            : d.what == role::kiln       ? "kiln"
                                                         : "load";
        groups["device_" + name] = group;
        groups[name] = group;
    }
    return groups;
}

bool add_parts(site_report& r, journal::journal_reader& reader, std::string& why)
{
    auto const kind = part_stream_of(r.what);
    auto const each = [&](row const& x) {
        if (x.layout->kind == stream::event) {
            auto const t = x.time.utc.time_since_epoch().count();
            if (!r.whole.when.holds(t))
                return;
            if (auto e = event_of(x); e && r.events.size() < site_report::events_max)
                r.events.push_back(std::move(*e));
            else if (e)
                ++r.events_left_out;
            return;
        }
        if (auto p = period_of(x); p && r.whole.when.holds(p->when.start))
            keep(r.parts, std::move(*p));
    };
    return read(reader, filter_of({kind, stream::event}, r.whole.when), each, why);
}

/// A month goes against the same month of the base year, so that the season is the same.
bool add_reduction(site_report& r, std::vector<stored_period> const& periods, report_request const& wanted,
                   energy::plant_model const& plant, entries::entry_book const& typed, std::string& why)
{
    if (!entries::is_period(wanted.base) || wanted.base.size() != 4) {
        why = fmt::format("'{}' is no base year: write one like 2020", wanted.base);
        return false;
    }
    auto const label = wanted.base + r.label.substr(4);
    auto const base_span = span_of(r.what, label, plant.local_time);
    stored_period const* held = nullptr;
    for (auto const& p : periods)
        if (base_span && p.when.start == base_span->start)
            held = &p;
    auto base = intensity_of(label, held, typed, plant, why);
    auto end = base ? intensity_of(r.label, &r.whole, typed, plant, why) : std::nullopt;
    if (end)
        r.reduction = claim_of(std::move(*base), std::move(*end), typed, why);
    return r.reduction.has_value();
}

/// As the site file names it.
std::string mode_of(energy::pv_first_mode m)
{
    return m == energy::pv_first_mode::wired          ? "wired"
           : m == energy::pv_first_mode::proportional ? "proportional"
                                                      : "priority";
}

} // namespace

std::optional<site_report> read_report(journal::journal_reader& reader, energy::plant_model const& plant,
                                       entries::entry_book const& typed, report_request const& wanted, std::string& why)
{
    auto all = stored(reader, kpi_stream_of(wanted.what), why);
    if (!all)
        return std::nullopt;
    add_entered_period(*all, wanted, typed, plant.local_time);
    auto const* whole = chosen(*all, wanted, plant.local_time, why);
    if (whole == nullptr)
        return std::nullopt;
    site_report r;
    r.site = wanted.site;
    r.what = wanted.what;
    r.label = label_of(wanted.what, whole->when.start, plant.local_time);
    r.whole = *whole;
    add_entered(r.whole, r.label, typed, plant);
    for (auto const* e : typed.within(r.label))
        if (r.entered.size() < site_report::entries_max)
            r.entered.push_back(*e);
    r.balance = balance_of(r.whole);
    r.tariff = tariff_of(r.whole, plant);
    if (r.what == span::month || r.what == span::year)
        r.targets = targets_of(r.whole, plant, typed);
    r.coefficients = coefficients_of(plant, plant.local_time.year_of(r.whole.when.start));
    r.pv_first = mode_of(plant.pv_first);
    r.counts_onsite_pv = plant.count_onsite_pv;
    r.device_groups = groups_of(plant);
    r.local_time = plant.local_time;
    if (!add_parts(r, reader, why))
        return std::nullopt;
    r.known = completeness_of(r.what, r.whole, r.parts);
    for (auto const& p : *all)
        if (p.when.end == r.whole.when.start) {
            r.before = label_of(r.what, p.when.start, plant.local_time);
            r.comparison = comparison_of(r.whole, p);
        }
    if (!wanted.base.empty() && !add_reduction(r, *all, wanted, plant, typed, why))
        return std::nullopt;
    return r;
}

} // namespace kilnwatt::report
