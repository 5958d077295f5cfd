#pragma once

#include "agent/energy/energy_stage.hpp"

#include "tests/support/plant_feed.hpp"

#include <cmath>

namespace kilnwatt::energy::test {

inline constexpr std::int64_t second = 1'000;
inline constexpr std::int64_t minute_ms = 60'000;
inline constexpr std::int64_t quarter_ms = 900'000;
inline double const no_number = std::nan("");

inline device_model device(std::string name, role what, std::string meter = "", bool key = false)
{
    device_model d;
    d.name = std::move(name);
    d.what = what;
    d.meter = std::move(meter);
    d.key = key;
    return d;
}

inline plant_model small_plant()
{
    plant_model m;
    m.devices = {device("roof", role::pv), device("grid", role::grid), device("mill", role::load, "", true),
                 device("drive", role::motor, "mill", true), device("weather", role::weather)};
    m.devices[0].array = array_plate{300e3, 250e3};
    m.devices[3].motor = motor_plate{132e3, 1488, "IE3"};
    return m;
}

/// Rows of the small plant, at constant powers: 120 kW of PV (125 kW DC), 40 kW from the grid, the mill takes 100 kW.
struct small_feed {
    source roof{"roof", {"active_power", "dc_power", "active_energy"}};
    source grid{"grid", {"active_power", "active_energy_import", "active_energy_export"}};
    source mill{"mill", {"active_power", "active_energy_import"}};
    source drive{"drive", {"torque_percent", "speed", "output_power"}};
    source weather{"weather", {"irradiance"}};

    std::vector<row> at(std::int64_t ms) const
    {
        auto const h = static_cast<double>(ms) / 3.6e6 + 1000;
        return {roof.at(ms, {120e3, 125e3, 120e3 * h}), grid.at(ms + 1, {40e3, 40e3 * h, 7e6}),
                mill.at(ms + 2, {100e3, 100e3 * h}), drive.at(ms + 3, {80.0, 1488.0, 110e3}),
                weather.at(ms + 4, {500.0})};
    }
};

inline std::vector<row> run(energy_stage& s, std::int64_t from, std::int64_t to, std::int64_t step = 10 * second)
{
    small_feed const feed;
    std::vector<row> rows;
    for (auto ms = from; ms < to; ms += step) {
        for (auto const& r : feed.at(ms))
            s.fold(r);
        for (auto& r : s.advance(time_at(ms + 500)))
            rows.push_back(std::move(r));
    }
    return rows;
}

} // namespace kilnwatt::energy::test
