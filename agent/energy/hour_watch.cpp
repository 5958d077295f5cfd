#include "agent/energy/hour_watch.hpp"

#include "agent/energy/balance_hint.hpp"
#include "agent/energy/byte_stream.hpp"
#include "agent/energy/metric_catalogue.hpp"
#include "agent/energy/plant_view.hpp"
#include "agent/energy/row_view.hpp"
#include "core/aggregate_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace kilnwatt::energy {
namespace {

constexpr double mismatch = 0.10;    ///< of counter and integral
constexpr double restless = 0.10;    ///< of the power's range, as much again: samples of a restless load miss some
constexpr double stuck_share = 0.03; ///< the same where the power never moved
constexpr double least_wh = 5'000;   ///< below it an hour says nothing
constexpr double reversed_w = 500;   ///< a consumer that gives more than this is no consumer
constexpr double heat_mismatch = 5;  ///< %, of heat counter and recomputed heat
constexpr double least_volts = 10;
constexpr double unbalance = 0.02; ///< of the mean of three voltages
constexpr std::size_t raised_max = 10'000;

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

bool is_counted(row_view const& w, std::string_view point)
{
    auto const how = w.number(std::string{point} + std::string{aggregate::method});
    return how && *how == static_cast<double>(method::counter);
}

struct looker {
    plant_model const& m;
    std::vector<finding> found;

    void note(char const* kind, std::string subject, std::string message)
    {
        found.push_back({kind, std::move(subject), std::move(message)});
    }

    void device(device_model const& d, row_view const& w)
    {
        if (d.what == role::waste_heat && heat_runs_back(d, w))
            return;
        if (consumes(d.what) && gives_power(d, w))
            return;
        for (auto const& p : pairs)
            if (p.what == d.what)
                compare(d, w, p);
        look_at_phases(d, w);
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

    bool heat_runs_back(device_model const& d, row_view const& w)
    {
        auto const power = w.sure("thermal_power", aggregate::mean);
        auto const in = w.sure("supply_temperature", aggregate::mean);
        auto const out = w.sure("return_temperature", aggregate::mean);
        auto const colder = in && out && *in < *out;
        auto const flows = w.sure("volume", aggregate::delta).value_or(1) > 0;
        if (!flows || !(colder || (power && *power < -reversed_w)))
            return false;
        note("reversed_flow_or_sensors", d.name,
             fmt::format("{} gives {:.1f} kW, supply {:.1f} degC and return {:.1f} degC: its temperature sensors are "
                         "exchanged, or the heat flows back",
                         d.name, power.value_or(0) / 1e3, in.value_or(0), out.value_or(0)));
        return true;
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
        auto const allowed = spread == 0 ? stuck_share * size : mismatch * size + restless * spread;
        if (size < least_wh || apart <= allowed)
            return;
        auto const numbers = fmt::format("{:.1f} kWh counted, {:.1f} kWh by its power", counted / 1e3, *power / 1e3);
        if (spread == 0)
            note("stuck", d.name, fmt::format("{}.{} stands at {:.1f} kW: {}", d.name, p.power, *power / 1e3, numbers));
        else if (counted == 0 && apart > 0)
            note("stuck", d.name, fmt::format("{}.{} stands: {}", d.name, p.plus, numbers));
        else
            note("energy_mismatch", d.name, fmt::format("{}: {}", d.name, numbers));
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
    if (sides.share() <= balance_warning)
        return;
    auto message = fmt::format("sources and uses differ by {:.1f} kWh, {:.1f} % of {:.1f} kWh", sides.residual,
                               100 * sides.share(), sides.size);
    if (auto const hint = find_misfit(*parts))
        message +=
            fmt::format("; {} with {} would leave {:.1f} %: look at its CTs", hint->meter,
                        hint->mistake == "turned round" ? "its CTs turned round" : hint->mistake, 100 * hint->share);
    l.note("balance_error", std::string{aggregate::site}, std::move(message));
}

/// Heat counters against what volume and temperatures say.
void look_at_heat(looker& l, row_view const& figures)
{
    for (auto const& d : l.m.devices) {
        if (d.what != role::waste_heat)
            continue;
        auto const apart = figures.sure(metric_name(d.name, "k_check"), "");
        if (apart && std::abs(*apart) > heat_mismatch)
            l.note("heat_mismatch", d.name,
                   fmt::format("{} counts {:.1f} % {} heat than its volume and temperatures give: look at its sensors "
                               "and the medium",
                               d.name, std::abs(*apart), *apart > 0 ? "more" : "less"));
    }
}

} // namespace

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
            }
    }
    if (figures != nullptr)
        look_at_heat(l, row_view{*figures});
    if (figures != nullptr && m.all_loads_metered)
        look_at_balance(l, w, row_view{*figures});
    std::vector<finding> fresh;
    std::set<std::string> now;
    for (auto& f : l.found) {
        auto const key = f.kind + " " + f.subject;
        auto const known = raised_.count(key) == 1 || now.count(key) == 1;
        if (now.size() < raised_max)
            now.insert(key);
        if (!known)
            fresh.push_back(std::move(f));
    }
    raised_ = std::move(now);
    return fresh;
}

void hour_watch::save(byte_writer& w) const
{
    w.number(raised_.size());
    for (auto const& key : raised_)
        w.text(key);
}

void hour_watch::load(byte_reader& r)
{
    raised_.clear();
    for (auto n = r.count(); n > 0 && r.ok(); --n)
        raised_.insert(r.text());
    if (raised_.size() > raised_max)
        r.fail();
}

} // namespace kilnwatt::energy
