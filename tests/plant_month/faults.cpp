#include "faults.hpp"

#include "core/meter_exchange.hpp"

#include <bit>
#include <cmath>

namespace kilnwatt::plant_month {
namespace {

constexpr double day = 24;

bool is(row const& r, std::string_view device)
{
    return r.layout->device == device;
}

double value(row const& r, std::string_view point)
{
    return scaled_number(r, column_of(r, point));
}

void set(row& r, std::string_view point, double v)
{
    r.cells[column_of(r, point)] = cell_of(v);
}

void set_raw(row& r, std::string_view point, std::uint64_t raw)
{
    r.cells[column_of(r, point)] = cell_of(raw);
}

void lose(row& r, quality why)
{
    for (auto& c : r.cells)
        c = absent(why);
}

void swap_words(row& r, std::string_view point)
{
    auto& bits = r.cells[column_of(r, point)].bits;
    bits = (bits & 0xFFFF) << 16 | bits >> 16;
}

} // namespace

void fault_injector::prepare(ceramics_feed& feed, energy::plant_model& model)
{
    feed.keep_as("ball-mill-meter", "active_energy_import", value_kind::u64, 1); // 32 bits of Wh
    feed.keep_as("kiln-gas", "fuel_volume", value_kind::u64, 1);                 // 16 bits of m3
    feed.keep_as("press-drive", "active_energy", value_kind::u64, 1000);         // 15 bits of kWh
    feed.keep_as("compressor", "active_energy_import", value_kind::u64, 100);    // a display of 99 999.9 kWh
    feed.keep_as("grid-meter", "active_energy_import", value_kind::f32, 1);      // beyond 1 GWh
    feed.keep_as("battery", "charge_energy", value_kind::f32, 1);
    feed.keep_as("battery", "discharge_energy", value_kind::f32, 1);
    for (auto& d : model.devices) {
        if (d.name == "press-drive")
            d.modulus["active_energy"] = 32'768e3;
        if (d.name == "compressor")
            d.modulus["active_energy_import"] = 100'000e3;
    }
}

double fault_injector::hour_of_month(utc_time t) const
{
    return std::chrono::duration<double, std::ratio<3600>>(t - start_).count();
}

utc_time fault_injector::wall_clock(utc_time t) const
{
    auto const h = hour_of_month(t);
    return h >= 19 * day + 12 && h < 19 * day + 18 ? t + std::chrono::hours{1} : t;
}

void fault_injector::run_over(row& r)
{
    struct {
        std::string_view device, point;
        double scale;             ///< Wh or m3 a step
        std::uint64_t start, end; ///< first raw number of the month, and where it begins again
    } const counters[]{{"ball-mill-meter", "active_energy_import", 1, 4'254'967'296, 4'294'967'296},
                       {"kiln-gas", "fuel_volume", 1, 20'000, 65'536},
                       {"press-drive", "active_energy", 1000, 10'000, 32'768},
                       {"compressor", "active_energy_import", 100, 880'000, 1'000'000}};
    for (auto const& c : counters) {
        if (!is(r, c.device))
            continue;
        auto const v = value(r, c.point);
        auto const first = first_.emplace(c.device, v).first->second;
        set_raw(r, c.point, (c.start + static_cast<std::uint64_t>(std::llround((v - first) / c.scale))) % c.end);
    }
}

void fault_injector::silence(row& r, simulator::plant const& p)
{
    if (is(r, "pv-roof-1") && p.state().pv[0].ac_w <= 0)
        lose(r, quality::asleep); // drops off the bus at night
    if (is(r, "pv-roof-2") && between(2 * day + 10, 2 * day + 13))
        lose(r, quality::not_supported); // sentinels in every register
    auto const behind_gateway = r.layout->device.starts_with("ball-mill") || r.layout->device.starts_with("press");
    if (behind_gateway && between(13 * day + 9, 13 * day + 9 + 40.0 / 60))
        lose(r, quality::timeout);
    if (is(r, "production") && between(21 * day, 23 * day))
        lose(r, quality::timeout);
    if (is(r, "kiln-meter") && between(7 * day + 2, 7 * day + 2.1))
        lose(r, quality::timeout); // its supply fails, and it counts from zero afterwards
}

void fault_injector::exchange(row& r)
{
    if (is(r, "kiln-meter") && hour_ >= 7 * day + 2.1) {
        auto const v = value(r, "active_energy_import");
        set(r, "active_energy_import", v - first_.emplace("kiln-meter", v).first->second);
    }
    if (is(r, "kiln-heat") && hour_ >= 9 * day + 15) { // a used meter takes its place
        auto const v = value(r, "thermal_energy");
        set(r, "thermal_energy", 55e6 + v - first_.emplace("kiln-heat", v).first->second);
    }
    if (is(r, "pv-roof-2") && hour_ >= 24 * day + 12) { // a new meter, and somebody wrote down what both showed
        auto const v = value(r, "dc_energy");
        auto const [first, now] = first_.emplace("pv-roof-2", v);
        if (now)
            told_ = to_row({r.layout->device, "dc_energy", "Wh", r.time.utc, v, 3e6, "protocol", "Li Wei"});
        set(r, "dc_energy", 3e6 + v - first->second);
    }
    if (is(r, "press-meter") && hour_ >= 11 * day + 8) { // 200/5 A becomes 300/5 A, and the meter shows it so
        auto const v = value(r, "active_energy_import");
        set(r, "active_energy_import", v + 0.5 * first_.emplace("press-meter", v).first->second);
    }
}

void fault_injector::mislead(row& r)
{
    if (is(r, "battery") && between(4 * day + 13, 4 * day + 13 + 1.0 / 120))
        swap_words(r, "charge_energy"); // one answer
    if (is(r, "battery") && between(5 * day + 19, 5 * day + 19.3))
        swap_words(r, "discharge_energy"); // and for a while
    if (is(r, "boiler") && between(14 * day + 8, 14 * day + 9))
        set(r, "steam_mass", 0.57 * value(r, "steam_mass")); // the register beside it
    if (is(r, "compressor")) {
        if (between(15 * day + 10, 15 * day + 14)) {
            if (stuck_ == 0)
                stuck_ = value(r, "active_power");
            set(r, "active_power", stuck_);
        }
        if (hour_ >= 17 * day)
            set(r, "voltage_l1", 1.06 * value(r, "voltage_l1"));
    }
    if (is(r, "kiln-heat") && between(16 * day + 6, 16 * day + 12)) { // its sensors are exchanged: it does not count
        auto const supply = value(r, "supply_temperature");
        set(r, "supply_temperature", value(r, "return_temperature"));
        set(r, "return_temperature", supply);
        set(r, "thermal_power", -value(r, "thermal_power"));
        auto const v = value(r, "thermal_energy");
        auto const stood = first_.emplace("kiln-heat stands", v).first->second;
        set(r, "thermal_energy", stood);
        first_["kiln-heat lost"] = v - stood;
    } else if (is(r, "kiln-heat") && hour_ >= 16 * day + 12) {
        set(r, "thermal_energy", value(r, "thermal_energy") - first_["kiln-heat lost"]);
    }
}

void fault_injector::change(row& r, simulator::plant const& p)
{
    hour_ = hour_of_month(r.time.utc);
    r.time.utc = wall_clock(r.time.utc);
    run_over(r);
    exchange(r);
    mislead(r);
    silence(r, p);
}

} // namespace kilnwatt::plant_month
