#include "agent/energy/hour_watch.hpp"

#include "agent/energy/balance_hint.hpp"
#include "agent/energy/byte_stream.hpp"
#include "agent/energy/metric_catalogue.hpp"
#include "agent/energy/plant_view.hpp"
#include "agent/energy/power_checks.hpp"
#include "agent/energy/quarter_watch.hpp"
#include "agent/energy/row_view.hpp"
#include "agent/energy/transformer_metrics.hpp"
#include "core/aggregate_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace kilnwatt::energy {
namespace {

constexpr double mismatch = 0.03;    ///< of counter and integral
constexpr double restless = 0.10;    ///< of the power's range, as much again: samples of a restless load miss some
constexpr double least_wh = 5'000;   ///< below it an hour says nothing
constexpr double reversed_w = 500;   ///< a consumer that gives more than this is no consumer
constexpr double heat_mismatch = 5;  ///< %, of heat counter and recomputed heat
constexpr double heat_least = 10;    ///< kWh that they must differ by, too
constexpr double feeder_share = 0.02; ///< of inverters and the meter of their feeder
constexpr double loaded_high = 0.80;  ///< of a transformer's rating
constexpr double loaded_low = 0.20;   ///< the same over a week: it is too large
constexpr std::uint32_t week_hours = 7 * 24;
constexpr double least_volts = 10;
constexpr double unbalance = 0.02; ///< of the mean of three voltages

/// A power and what counts it, with their signs.
struct counted_power {
    role what;
    std::string_view power;
    std::string_view plus;
    std::string_view minus; ///< "" = counts one way only
};
constexpr counted_power pairs[]{
    {role::pv, "active_power", "active_energy", ""},
    {role::pv, "active_power", "active_energy_export", ""},
    {role::grid, "active_power", "active_energy_import", "active_energy_export"},
    {role::battery, "active_power", "discharge_energy", "charge_energy"},
    {role::load, "active_power", "active_energy_import", ""},
    {role::load, "active_power", "active_energy", ""},
    {role::kiln, "active_power", "active_energy_import", ""},
    {role::motor, "active_power", "active_energy_import", ""},
    {role::waste_heat, "thermal_power", "thermal_energy", ""},
};

bool consumes(role r)
{
    return r == role::load || r == role::motor || r == role::kiln || r == role::boiler;
}

/// Figures of the plant that lean on the energy counter of a device.
std::vector<std::string> ratios_of(device_model const& d)
{
    if (d.what == role::pv)
        return {"pv.pr",
                "pv.pr_stc",
                "pv.pr_annual",
                "pv.eta_inv",
                "pv.self_consumption",
                metric_name(d.name, "pr"),
                metric_name(d.name, "eta_inv")};
    if (d.what == role::waste_heat)
        return {"whr.recovery_rate", "whr.recovery_eff"};
    if (d.what == role::load)
        return {"mach.sec", metric_name(d.name, "sec")};
    return d.key ? std::vector<std::string>{"site.pv_first"} : std::vector<std::string>{};
}

bool is_counted(row_view const& w, std::string_view point)
{
    auto const how = w.number(std::string{point} + std::string{aggregate::method});
    return how && *how == static_cast<double>(method::counter);
}

struct looker {
    plant_model const& m;
    std::vector<finding> found;

    void note(char const* kind, std::string subject, std::string message, std::vector<std::string> doubts = {})
    {
        found.push_back({kind, std::move(subject), std::move(message), event_severity::warning, std::move(doubts)});
    }

    void device(device_model const& d, row_view const& w)
    {
        if (d.what == role::waste_heat && heat_runs_back(d, w))
            return; // its own finding, each quarter of an hour
        if (consumes(d.what) && gives_power(d, w))
            return;
        for (auto const& p : pairs)
            if (p.what == d.what)
                compare(d, w, p);
        look_at_phases(d, w);
        check_powers(d, w, found);
    }

    void look_at_phases(device_model const& d, row_view const& w)
    {
        auto const a = w.sure("voltage_l1", aggregate::mean);
        auto const b = w.sure("voltage_l2", aggregate::mean);
        auto const c = w.sure("voltage_l3", aggregate::mean);
        if (!a || !b || !c)
            return;
        auto const mean = (*a + *b + *c) / 3;
        auto const apart = std::max({std::abs(*a - mean), std::abs(*b - mean), std::abs(*c - mean)});
        if (mean > least_volts && apart > unbalance * mean)
            note("voltage_unbalance", d.name,
                 fmt::format("{} has {:.1f}, {:.1f} and {:.1f} V: {:.1f} % off their mean; motors lose power and life "
                             "above 2 %",
                             d.name, *a, *b, *c, 100 * apart / mean));
    }

    bool gives_power(device_model const& d, row_view const& w)
    {
        auto const power = w.sure("active_power", aggregate::mean);
        if (!power || *power > -reversed_w)
            return false;
        note("reversed_meter", d.name,
             fmt::format("{} measures {:.1f} kW, but it consumes: its CTs are turned round, or its sign is `invert`ed",
                         d.name, *power / 1e3));
        return true;
    }

    void compare(device_model const& d, row_view const& w, counted_power const& p)
    {
        auto const power = w.sure(p.power, aggregate::mean);
        auto const plus = w.sure(p.plus, aggregate::delta);
        auto const minus = p.minus.empty() ? std::optional{0.0} : w.sure(p.minus, aggregate::delta);
        if (!power || !plus || !minus || !is_counted(w, p.plus))
            return;
        auto const counted = *plus - *minus;
        auto const size = std::max(*plus + *minus, std::abs(*power));
        auto const apart = std::abs(counted - *power);
        auto const power_name = std::string{p.power};
        auto const spread = w.number(power_name + std::string{aggregate::max}).value_or(0) -
                            w.number(power_name + std::string{aggregate::min}).value_or(0);
        auto const allowed = mismatch * size + restless * spread;
        if (size < least_wh || apart <= allowed)
            return;
        auto const numbers = fmt::format("{:.1f} kWh counted, {:.1f} kWh by its power", counted / 1e3, *power / 1e3);
        if (spread == 0)
            note("stuck", d.name, fmt::format("{}.{} stands at {:.1f} kW: {}", d.name, p.power, *power / 1e3, numbers));
        else if (counted == 0 && apart > 0)
            note("stuck", d.name, fmt::format("{}.{} stands: {}", d.name, p.plus, numbers));
        else
            note("energy_mismatch", d.name, fmt::format("{}: {}", d.name, numbers), ratios_of(d));
    }
};

using windows = std::vector<row const*>; ///< one a device of the model; null = the hour has none of it

/// Net energy of a device in the hour, kWh, + = into the plant; nothing when it is not sure.
std::optional<meter_part> part_of(device_model const& d, row_view const& w)
{
    auto const delta = [&](std::string_view point) { return w.sure(point, aggregate::delta); };
    auto const factor = d.sign * d.share / 1e3;
    auto const power = w.sure("active_power", aggregate::mean);
    auto const both = [&](std::string_view in, std::string_view out) -> std::optional<meter_part> {
        auto const a = delta(in);
        auto const b = delta(out);
        if (!a || !b)
            return std::nullopt;
        auto const e = (*a - *b) * factor;
        return meter_part{d.name, e, e == 0 ? std::nullopt : std::optional{-e}};
    };
    if (d.what == role::grid)
        return both("active_energy_import", "active_energy_export");
    if (d.what == role::battery)
        return both("discharge_energy", "charge_energy");
    for (auto const point : {"active_energy", "active_energy_export", "active_energy_import"}) {
        if (d.what != role::pv && std::string_view{point} == "active_energy_export")
            continue;
        auto const e = delta(point);
        if (!e)
            continue;
        if (d.what == role::pv)
            return meter_part{d.name, *e * factor, std::nullopt};
        meter_part use{d.name, -*e * factor, std::nullopt};
        if (power && *power < 0) // what a meter counts the other way
            use.turned_round = *power * factor;
        return use;
    }
    return std::nullopt;
}

/// Every part of the plant's balance; nothing when one of them is not sure.
std::optional<std::vector<meter_part>> parts_of(plant_model const& m, windows const& w, row_view const& figures)
{
    std::vector<meter_part> parts;
    auto const loads = top_consumers(m);
    for (std::size_t i = 0; i < m.devices.size(); ++i) {
        auto const& d = m.devices[i];
        auto const measured = d.what == role::pv || d.what == role::grid || d.what == role::battery ||
                              std::find(loads.begin(), loads.end(), i) != loads.end();
        if (!measured)
            continue;
        auto part = w[i] == nullptr ? std::nullopt : part_of(d, row_view{*w[i]});
        if (!part && d.what != role::load && consumes(d.what))
            continue; // a drive without a meter of its own
        if (!part)
            return std::nullopt;
        parts.push_back(std::move(*part));
    }
    if (auto const lost = figures.number("site.e_loss"))
        parts.push_back({"transformer loss", -*lost, std::nullopt});
    return parts;
}

void look_at_balance(looker& l, windows const& w, row_view const& figures)
{
    auto const parts = parts_of(l.m, w, figures);
    if (!parts)
        return;
    auto const sides = sides_of(*parts);
    if (sides.share() <= balance_good)
        return;
    auto const open = sides.share() > balance_warning;
    auto message = fmt::format("sources and uses differ by {:.1f} kWh, {:.1f} % of {:.1f} kWh", sides.residual,
                               100 * sides.share(), sides.size);
    if (auto const hint = open ? find_misfit(*parts) : std::nullopt)
        message +=
            fmt::format("; {} with {} would leave {:.1f} %: look at its CTs", hint->meter,
                        hint->mistake == "turned round" ? "its CTs turned round" : hint->mistake, 100 * hint->share);
    l.note(open ? "balance_error" : "balance_warning", std::string{aggregate::site}, std::move(message));
}

/// Heat counters against what volume and temperatures say.
void look_at_heat(looker& l, row_view const& figures)
{
    for (auto const& d : l.m.devices) {
        if (d.what != role::waste_heat)
            continue;
        auto const apart = figures.sure(metric_name(d.name, "k_check"), "");
        auto const counted = figures.number(metric_name(d.name, "q"));
        if (!apart || !counted || std::abs(*apart) <= heat_mismatch)
            continue;
        auto const carried = *counted / (1 + *apart / 100);
        if (std::abs(*counted - carried) > heat_least)
            l.note("heat_mismatch", d.name,
                   fmt::format("{} counts {:.1f} kWh, {:.1f} % {} than the {:.1f} kWh that its volume and temperatures "
                               "give: look at its sensors and the medium",
                               d.name, *counted, std::abs(*apart), *apart > 0 ? "more" : "less", carried),
                   ratios_of(d));
    }
}

/// Inverters against the meter that stands above them alone, kWh.
void look_at_feeders(looker& l, windows const& w)
{
    for (std::size_t f = 0; f < l.m.devices.size(); ++f) {
        auto const& feeder = l.m.devices[f];
        auto sum = 0.0;
        auto known = w[f] != nullptr;
        std::size_t inverters = 0;
        for (std::size_t i = 0; i < l.m.devices.size(); ++i) {
            auto const& d = l.m.devices[i];
            if (d.meter != feeder.name)
                continue;
            auto const e = w[i] == nullptr ? std::nullopt : row_view{*w[i]}.sure("active_energy", aggregate::delta);
            known = known && d.what == role::pv && e;
            sum += e.value_or(0) * d.sign * d.share;
            ++inverters;
        }
        if (!known || inverters == 0)
            continue;
        row_view const own{*w[f]};
        auto const out = own.sure("active_energy_export", aggregate::delta).value_or(0);
        auto const in = own.sure("active_energy_import", aggregate::delta);
        auto const any = in ? in : own.sure("active_energy", aggregate::delta);
        if (!any)
            continue;
        auto const fed = std::abs(out - *any);
        if (auto const size = std::max(sum, fed); size >= least_wh && std::abs(sum - fed) > feeder_share * size)
            l.note("feeder_mismatch", feeder.name,
                   fmt::format("{} counts {:.1f} kWh, the inverters below it {:.1f} kWh", feeder.name, fed / 1e3,
                               sum / 1e3),
                   {"pv.pr", "pv.pr_stc", "pv.pr_annual", "pv.self_consumption"});
    }
}

void look_at_transformer(looker& l, device_model const& d, row const& r)
{
    if (auto const rate = load_rate(d, r); rate && *rate > loaded_high)
        l.note("transformer_load_high", d.name,
               fmt::format("{} stood at {:.0f} % of its {:g} kVA for an hour", d.name, 100 * *rate,
                           d.transformer->rated_va / 1e3));
}

} // namespace

std::optional<double> load_rate(device_model const& d, row const& window)
{
    if (!d.transformer || d.transformer->rated_va <= 0)
        return std::nullopt;
    auto const s = row_view{window}.sure("apparent_power", aggregate::mean);
    return s ? std::optional{*s / d.transformer->rated_va} : std::nullopt;
}

void hour_watch::look_at_week(device_model const& d, row const& r, std::vector<finding>& found)
{
    auto const rate = load_rate(d, r);
    if (!rate)
        return;
    auto& w = weeks_[d.name];
    w.sum += *rate;
    if (++w.hours < week_hours)
        return;
    if (auto const mean = w.sum / w.hours; mean < loaded_low)
        found.push_back(
            {"transformer_oversized",
             d.name,
             fmt::format("{} stood at {:.0f} % of its {:g} kVA over a week, and loses least of what it passes on at "
                         "{:.0f} %: a smaller one would lose less",
                         d.name, 100 * mean, d.transformer->rated_va / 1e3, 100 * best_load(*d.transformer)),
             event_severity::info,
             {}});
    w = {};
}

std::vector<finding> hour_watch::look(plant_model const& m, std::vector<row> const& rows)
{
    looker l{m, {}};
    windows w(m.devices.size(), nullptr);
    row const* figures = nullptr;
    for (auto const& r : rows) {
        if (r.layout->kind == stream::kpi_1h)
            figures = &r;
        for (std::size_t i = 0; i < m.devices.size() && r.layout->kind == stream::window_1h; ++i)
            if (m.devices[i].name == r.layout->device) {
                w[i] = &r;
                l.device(m.devices[i], row_view{r});
                look_at_transformer(l, m.devices[i], r);
                look_at_week(m.devices[i], r, l.found);
            }
    }
    look_at_feeders(l, w);
    if (figures != nullptr)
        look_at_heat(l, row_view{*figures});
    if (figures != nullptr && m.all_loads_metered)
        look_at_balance(l, w, row_view{*figures});
    doubted_.clear();
    for (auto const& f : l.found)
        doubted_.insert(doubted_.end(), f.doubts.begin(), f.doubts.end());
    return told_.fresh(std::move(l.found));
}

void hour_watch::save(byte_writer& out) const
{
    told_.save(out);
    out.number(weeks_.size());
    for (auto const& [name, w] : weeks_) {
        out.text(name);
        out.real(w.sum);
        out.number(w.hours);
    }
}

void hour_watch::load(byte_reader& r)
{
    told_.load(r);
    weeks_.clear();
    for (auto n = r.count(); n > 0 && r.ok(); --n) {
        auto& w = weeks_[r.text()];
        w.sum = r.real();
        w.hours = static_cast<std::uint32_t>(r.number());
        if (!std::isfinite(w.sum) || w.hours >= week_hours)
            r.fail();
    }
}

} // namespace kilnwatt::energy
