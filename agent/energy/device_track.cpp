#include "agent/energy/device_track.hpp"

#include "agent/energy/byte_stream.hpp"
#include "agent/energy/integral_energy.hpp"
#include "core/point_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace kilnwatt::energy {
namespace {

constexpr std::size_t points_max = 4'096;  ///< of one device in a snapshot
constexpr std::size_t late_max = 10'000;   ///< that nobody took
constexpr double motor_input_margin = 1.3; ///< electrical input over rated shaft power
constexpr double dc_margin = 1.5;          ///< DC power over the array's rating
constexpr double irradiance_zero = -6;     ///< W/m2; from here to 0 a pyranometer means 0
constexpr double irradiance_bright = 50;   ///< W/m2; no inverter sleeps
constexpr instant bright_for = 10 * minute;
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

/// Most that an energy counter of this device can gain, Wh per ms; 0 = unknown.
double power_max(device_model const& m, std::string_view point, double supply_w)
{
    auto const electric = point.starts_with("active_energy") || point == "charge_energy" || point == "discharge_energy";
    auto watt = electric ? supply_w : 0.0;
    if (m.array && point == "dc_energy")
        watt = dc_margin * m.array->rated_w;
    else if (m.array && point.starts_with("active_energy"))
        watt = m.array->inverter_rated_w > 0 ? m.array->inverter_rated_w : m.array->rated_w;
    else if (m.motor && point.starts_with("active_energy"))
        watt = motor_input_margin * m.motor->rated_w;
    else if (m.transformer && point.starts_with("active_energy"))
        watt = m.transformer->rated_va;
    return watt / static_cast<double>(hour);
}

counter_rules rules_of(device_model const& m, std::string const& point, track_limits const& l)
{
    auto const modulus = m.modulus.find(point);
    return {modulus == m.modulus.end() ? 0 : modulus->second, power_max(m, point, l.supply_w), l.close_delay,
            l.gap_total_max, m.gaps_by_sun ? l.location : std::nullopt};
}

gauge_use use_of(device_model const& m, std::string_view point)
{
    if (point == "irradiance")
        return gauge_use::irradiance;
    auto const power = point == "active_power" || point == "dc_power";
    return m.what == role::pv && power ? gauge_use::pv_power : gauge_use::plain;
}

template <class Points>
auto* point_named(Points& points, std::string_view name)
{
    auto const p = std::find_if(points.begin(), points.end(), [&](auto const& x) { return x.name == name; });
    return p == points.end() ? nullptr : &*p;
}

void note_conflict(fold_state& s, std::string_view point, double x)
{
    ++s.conflicts;
    s.conflict = fmt::format("{} is {} too", point, x);
}

bool was_read(cell const& c)
{
    return c.present && severity_of(c.q) != severity::bad;
}

} // namespace

double supply_of(plant_model const& m)
{
    auto transformers = 0.0;
    auto inverters = 0.0;
    for (auto const& d : m.devices) {
        transformers += d.transformer ? d.transformer->rated_va : 0;
        if (d.array)
            inverters += d.array->inverter_rated_w > 0 ? d.array->inverter_rated_w : d.array->rated_w;
    }
    return transformers > 0 ? transformers + inverters : 0;
}

motor_plate const* motor_below(plant_model const& m, std::size_t device)
{
    static motor_plate const unknown;
    for (auto const& d : m.devices)
        if (d.what == role::motor && (&d == &m.devices[device] || d.meter == m.devices[device].name))
            return d.motor ? &*d.motor : &unknown;
    return nullptr;
}

std::uint32_t device_track::gauge_index(std::string_view name, std::string_view unit)
{
    if (auto const* p = point_named(gauges_, name))
        return static_cast<std::uint32_t>(p - gauges_.data());
    auto const meaning = point_meaning_of(name);
    auto const measured = meaning && meaning->kind == point_kind::gauge; // a derived one is made of states
    auto const between = measured ? model_->between : interpolation::hold;
    gauges_.push_back({std::string{name}, std::string{unit}, gauge_track{limits_.windows, between}, {}});
    return static_cast<std::uint32_t>(gauges_.size() - 1);
}

std::uint32_t device_track::counter_index(std::string_view name, std::string_view unit)
{
    if (auto const* p = point_named(counters_, name))
        return static_cast<std::uint32_t>(p - counters_.data());
    counter_track track{rules_of(*model_, std::string{name}, limits_), limits_.windows};
    track.foresee(foreseen_of(name));
    counters_.push_back({std::string{name}, std::string{unit}, std::move(track)});
    return static_cast<std::uint32_t>(counters_.size() - 1);
}

point_plan device_track::plan(layout const& l)
{
    point_plan p;
    for (std::uint32_t i = 0; i < l.columns.size(); ++i) {
        auto const& c = l.columns[i];
        auto const meaning = point_meaning_of(c.name);
        if (!meaning || c.kind == value_kind::text)
            continue;
        if (meaning->kind == point_kind::counter)
            p.counters.push_back({i, counter_index(c.name, c.unit)});
        else if (meaning->kind == point_kind::gauge)
            p.gauges.push_back({i, gauge_index(c.name, c.unit), use_of(*model_, c.name)});
    }
    p.derived = derived_gauges(l, *model_, limits_.feeds);
    for (auto& d : p.derived)
        d.gauge = gauge_index(d.point, d.unit);
    return p;
}

void device_track::fold(row const& r, point_plan const& plan, fold_state& s)
{
    auto const t = r.time.utc.time_since_epoch().count();
    for (auto const& p : plan.gauges)
        fold_gauge(r, p, t, s);
    for (auto const& p : plan.counters)
        fold_counter(r, p, t, s);
    for (auto const& p : plan.derived)
        fold_derived(r, p, t, s);
}

void device_track::fold_gauge(row const& r, gauge_plan const& p, instant t, fold_state& s)
{
    auto const& c = r.cells[p.column];
    auto x = was_read(c) ? scaled_number(r, p.column) : no_number;
    auto q = c.q;
    if (p.use == gauge_use::pv_power && c.q == quality::asleep && t > s.bright_until) {
        x = 0;
        q = quality::night;
    } else if (p.use == gauge_use::irradiance) {
        if (x < 0 && x >= irradiance_zero)
            x = 0;
        if (x >= irradiance_bright)
            s.bright_until = std::max(s.bright_until, t + bright_for);
    }
    auto& track = gauges_[p.point].track;
    if (!std::isnan(x) && track.contradicts(t, x, r.time.mono))
        return note_conflict(s, gauges_[p.point].name, x);
    if (!std::isnan(x))
        track.on_reading(t, x, q, s.closed, r.time.mono);
    else if (c.q != quality::not_read)
        track.on_missing(t, severity_of(c.q) == severity::bad ? c.q : quality::not_supported, s.closed);
}

void device_track::fold_counter(row const& r, counter_plan const& p, instant t, fold_state& s)
{
    auto const& c = r.cells[p.column];
    auto& point = counters_[p.point];
    if (c.q == quality::asleep && model_->what == role::pv && t > s.bright_until)
        point.track.on_sleep(t, s.closed);
    auto const x = was_read(c) ? scaled_number(r, p.column) : no_number;
    if (std::isnan(x))
        return;
    counter_reading const reading{t, x, c.q, resolution_of(r, p.column), native_modulus(r, p.column)};
    if (point.track.contradicts(reading))
        return note_conflict(s, point.name, x);
    if (auto const incident = point.track.on_reading(reading, s.closed))
        s.incidents.emplace_back(point.name, *incident);
    take_late(point, s);
}

void device_track::take_late(counter_point& c, fold_state& s) const
{
    for (auto const& gain : c.track.take_late())
        if (s.late.size() < late_max)
            s.late.push_back({model_->name, c.name, gain});
}

void device_track::fold_derived(row const& r, derived_plan const& p, instant t, fold_state& s)
{
    auto v = value_of(p, r);
    auto& track = gauges_[p.gauge].track;
    if (v.q == quality::asleep && model_->what == role::pv && t > s.bright_until)
        v = {0, quality::night};
    if (p.what == derived_plan::kind::soaking && !std::isnan(v.value)) {
        soak_.saw(v.value, t);
        v.value = soak_.holds ? 1 : 0;
    } else if (p.what == derived_plan::kind::conforming && !soak_.holds) {
        v.value = std::isnan(v.value) ? v.value : 0;
    }
    if (!std::isnan(v.value))
        track.on_reading(t, v.value, v.q, s.closed, r.time.mono);
    else if (v.idle)
        track.on_nothing(t);
    else if (v.q != quality::not_read)
        track.on_missing(t, v.q, s.closed);
}

void device_track::restarted()
{
    for (auto& g : gauges_)
        g.track.restarted();
}

void device_track::exchange(std::string_view point, exchange_readings const& x, fold_state& s)
{
    auto* c = point_named(counters_, point);
    if (c == nullptr)
        return;
    if (auto const incident = c->track.on_exchange(x, s.closed))
        s.incidents.emplace_back(c->name, *incident);
    take_late(*c, s);
}

std::vector<late_gain> device_track::foreseen_of(std::string_view point) const
{
    std::vector<late_gain> gains;
    for (auto const& f : foreseen_)
        if (f.point == point)
            gains.push_back(f.gain);
    return gains;
}

void device_track::foresee(std::vector<late_reading> known)
{
    foreseen_ = std::move(known);
    for (auto& c : counters_)
        c.track.foresee(foreseen_of(c.name));
}

void device_track::add_gaps(std::vector<instant>& since, instant closed) const
{
    for (auto const& c : counters_)
        if (auto const from = c.track.gap_since(closed))
            since.push_back(*from);
}

void device_track::add_changes(std::vector<meter_change>& all, instant closed) const
{
    for (auto const& c : counters_)
        if (auto const from = c.track.change_since(closed))
            all.push_back({model_->name, c.name, *from});
}

void device_track::close_minute(instant end)
{
    minute_.start = end - minute;
    minute_.end = end;
    minute_.gauges.resize(gauges_.size());
    minute_.counters.resize(counters_.size());
    for (std::size_t i = 0; i < gauges_.size(); ++i) {
        auto& g = gauges_[i];
        auto& w = minute_.gauges[i];
        if (w.name.empty())
            w = {g.name, g.unit, {}};
        w.sum = g.track.close(end);
        g.quarter = merge(g.quarter, w.sum);
    }
    for (std::size_t i = 0; i < counters_.size(); ++i) {
        auto& c = counters_[i];
        minute_.counters[i] = {c.name, c.unit, c.track.any(), c.track.close_minute(end)};
    }
    for (std::size_t i = 0; i < counters_.size(); ++i)
        refine(minute_.counters[i], counters_[i].fine);
    add_integrals(minute_, model_->what);
}

/// Where a counter's step is coarse for the minute, the power beside it tells when the energy was used.
void device_track::refine(device_window::counter& c, fine_gain& fine) const
{
    auto& d = c.delta;
    if (!c.read || !d.known)
        return;
    auto const power = d.whole && d.resolution > 0 ? integral_beside(minute_, model_->what, c.name) : std::nullopt;
    auto const sure = power && power->whole && severity_of(power->q) == severity::good;
    if (sure && is_coarse(d.resolution, std::max(d.value, power->value))) {
        d.value = fine.next(d.value, power->value, d.resolution);
        d.q = combined(d.q, quality::low_resolution);
    } else {
        d.value = fine.next(d.value);
    }
}

void device_track::close_quarter(instant end)
{
    quarter_.start = end - quarter;
    quarter_.end = end;
    quarter_.gauges.clear();
    quarter_.counters.clear();
    for (auto& g : gauges_)
        quarter_.gauges.push_back({g.name, g.unit, std::exchange(g.quarter, {})});
    for (auto& c : counters_) {
        auto gain = c.track.close_quarter(end);
        auto const before = std::exchange(c.ahead_of_quarter, c.fine.ahead());
        if (gain.known)
            gain.value += c.ahead_of_quarter - before;
        quarter_.counters.push_back({c.name, c.unit, c.track.any(), gain});
    }
    add_integrals(quarter_, model_->what);
}

void device_track::save(byte_writer& w, instant closed) const
{
    w.real(soak_.set_point);
    w.signed_number(soak_.since);
    w.number(gauges_.size());
    for (auto const& g : gauges_) {
        w.text(g.name);
        w.text(g.unit);
        g.track.save(w, closed);
        energy::save(w, g.quarter);
    }
    w.number(counters_.size());
    for (auto const& c : counters_) {
        w.text(c.name);
        w.text(c.unit);
        c.track.save(w, closed);
        c.fine.save(w);
        w.real(c.ahead_of_quarter);
    }
}

void device_track::load(byte_reader& r, instant closed)
{
    soak_.set_point = r.real();
    soak_.since = r.signed_number();
    if (soak_.since < -1 || soak_.since > instant_max)
        return r.fail();
    auto const gauges = r.count();
    for (std::size_t i = 0; i < gauges && r.ok(); ++i) {
        auto const name = r.text();
        auto const unit = r.text();
        if (i >= points_max)
            return r.fail();
        auto& g = gauges_[gauge_index(name, unit)];
        g.track.load(r, closed);
        energy::load(r, g.quarter);
    }
    auto const counters = r.count();
    for (std::size_t i = 0; i < counters && r.ok(); ++i) {
        auto const name = r.text();
        auto const unit = r.text();
        if (i >= points_max)
            return r.fail();
        auto& c = counters_[counter_index(name, unit)];
        c.track.load(r, closed);
        c.fine.load(r);
        c.ahead_of_quarter = r.real();
    }
}

} // namespace kilnwatt::energy
