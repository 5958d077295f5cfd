#include "ceramics_feed.hpp"

#include "agent/control/plant_of.hpp"
#include "core/point_names.hpp"

#include <bit>
#include <cmath>
#include <stdexcept>

namespace kilnwatt::plant_month {
namespace {

struct polled_device {
    std::string_view name;
    std::vector<std::string_view> points;
};

std::vector<polled_device> const polled{
    {"pv-roof-1", {"active_power", "dc_power", "active_energy", "dc_energy"}},
    {"pv-roof-2", {"active_power", "dc_power", "active_energy", "dc_energy"}},
    {"weather", {"irradiance", "module_temperature"}},
    {"grid-meter",
     {"active_power", "reactive_power", "frequency", "active_energy_import", "active_energy_export",
      "reactive_energy_import"}},
    {"transformer", {"active_power", "apparent_power", "active_energy_import"}},
    {"battery", {"active_power", "state_of_charge", "charge_energy", "discharge_energy"}},
    {"ball-mill-meter", {"active_power", "active_energy_import"}},
    {"ball-mill-drive", {"output_power", "torque", "speed"}},
    {"press-meter", {"active_power", "active_energy_import"}},
    {"press-drive", {"output_power", "torque", "speed", "active_energy"}},
    {"kiln-controller", {"process_temperature", "setpoint_temperature"}},
    {"kiln-heat",
     {"thermal_power", "thermal_energy", "volume", "volume_flow", "supply_temperature", "return_temperature"}},
    {"kiln-meter", {"active_power", "active_energy_import"}},
    {"production", {"production_mass"}},
    {"kiln-gas", {"fuel_volume"}},
    {"boiler", {"fuel_volume", "steam_mass", "steam_mass_flow", "pressure", "feed_water_temperature", "thermal_power"}},
    {"compressor", {"active_power", "active_energy_import", "volume", "voltage_l1", "voltage_l2", "voltage_l3"}},
};

column column_for(std::string_view point)
{
    column c;
    c.name = point;
    c.kind = value_kind::f64;
    if (auto const m = point_meaning_of(point)) {
        c.unit = m->unit;
        c.counter = m->kind == point_kind::counter;
    }
    return c;
}

cell raw_cell(double value, column const& c)
{
    auto const raw = value / c.scale;
    switch (c.kind) {
    case value_kind::u64:
        return cell_of(static_cast<std::uint64_t>(std::floor(raw)));
    case value_kind::f32: {
        cell x;
        x.bits = std::bit_cast<std::uint32_t>(static_cast<float>(raw));
        x.q = quality::good;
        x.present = true;
        return x;
    }
    default:
        return cell_of(raw);
    }
}

} // namespace

energy::plant_model ceramics_model(std::string const& file)
{
    auto const site = settings::load_site(file);
    if (!site.found->empty())
        throw std::runtime_error{config::to_string(site.found->front())};
    auto model = control::plant_of(site.value);
    model.close_delay_ms = static_cast<int>(close_delay.count());
    return model;
}

ceramics_feed::ceramics_feed(std::uint64_t seed, utc_time start, milliseconds period)
    : plant_{seed, start}, now_{start}, period_{period}
{
    for (auto const& p : polled) {
        device d;
        auto l = std::make_shared<layout>();
        l->device = p.name;
        l->source = "simulator";
        for (auto const point : p.points) {
            auto const source = simulator::source_of(p.name, point);
            if (!source || !std::holds_alternative<simulator::number_source>(*source))
                throw std::runtime_error{std::string{p.name} + "." + std::string{point}};
            l->columns.push_back(column_for(point));
            d.sources.push_back(std::get<simulator::number_source>(*source));
        }
        d.layout = std::move(l);
        devices_.push_back(std::move(d));
    }
}

void ceramics_feed::keep_as(std::string_view name, std::string_view point, value_kind kind, double scale)
{
    for (auto& d : devices_) {
        if (d.layout->device != name)
            continue;
        auto l = std::make_shared<layout>(*d.layout);
        for (auto& c : l->columns)
            if (c.name == point) {
                c.kind = kind;
                c.scale = scale;
            }
        d.layout = std::move(l);
    }
}

void ceramics_feed::next_period(taker const& take)
{
    auto const apart = period_ / static_cast<int>(devices_.size());
    for (std::size_t i = 0; i < devices_.size(); ++i) {
        auto const& d = devices_[i];
        auto const t = now_ + apart * static_cast<int>(i);
        plant_.advance_to(t);
        row r;
        r.layout = d.layout;
        r.time = stamp_of(t);
        for (std::size_t c = 0; c < d.sources.size(); ++c)
            r.cells.push_back(raw_cell(d.sources[c](plant_), d.layout->columns[c]));
        take(std::move(r));
    }
    now_ += period_;
    plant_.advance_to(now_);
}

stamp stamp_of(utc_time t)
{
    constexpr auto boot = std::chrono::milliseconds{1'780'000'000'000};
    return {mono_time{t.time_since_epoch() - boot}, t};
}

std::size_t column_of(row const& r, std::string_view point)
{
    for (std::size_t i = 0; i < r.layout->columns.size(); ++i)
        if (r.layout->columns[i].name == point)
            return i;
    throw std::runtime_error{r.layout->device + "." + std::string{point}};
}

} // namespace kilnwatt::plant_month
