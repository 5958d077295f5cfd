#pragma once

#include "core/time.hpp"
#include "simulator/battery.hpp"
#include "simulator/boiler.hpp"
#include "simulator/kiln.hpp"
#include "simulator/machines.hpp"
#include "simulator/pv_array.hpp"
#include "simulator/truth.hpp"
#include "simulator/weather.hpp"

#include <array>
#include <cstdint>
#include <functional>

namespace kilnwatt::simulator {

inline constexpr array_plate roof_1{.rated_w = 300e3, .inverter_w = 250e3, .trackers = 4};
inline constexpr array_plate roof_2{.rated_w = 200e3, .inverter_w = 175e3, .mismatch = 0.965, .trackers = 6};

struct transformer_plate {
    double rated_va = 1000e3;
    double no_load_w = 830;
    double load_w = 10'300;
    double no_load_current = 0.0025; ///< share of the rated current
    double short_circuit = 0.045;    ///< share of the rated voltage
};

/// Voltages to neutral and the frequency, of the 0.4 kV and the 10 kV side.
struct supply_state {
    std::array<double, 3> low_v{};
    std::array<double, 3> high_v{};
    double hz = 50;
};

/// What the plant does during one second: every power and temperature that a device shows.
struct plant_state {
    weather_state sky;
    std::array<array_output, 2> pv;
    machines_state loads;
    kiln_state kiln;
    boiler_state boiler;
    supply_state supply;
    double battery_w = 0;   ///< AC, + = discharge
    double battery_soc = 0; ///< 0..1
    feeder transformer;     ///< 0.4 kV side, + = into the plant
    feeder grid;            ///< 10 kV side, + = import
};

/// The ceramics plant: deterministic by its seed and start, and free of clocks.
///
/// The plant goes in whole seconds of UTC. All powers hold still within a second, and the counters rise with them at
/// every instant, so that energy is exactly the sum of what was shown, however often somebody looks. Not thread-safe.
class plant {
public:
    /// `start` is rounded down to a second.
    plant(std::uint64_t seed, utc_time start);

    utc_time start() const { return start_; }
    utc_time now() const { return now_; }
    std::uint64_t seed() const { return seed_; }

    /// Goes on to `t`; a time that is not later changes nothing.
    void advance_to(utc_time t);

    plant_state const& state() const { return state_; }
    /// What a meter's register has counted, in the quantity's own unit.
    double counter(quantity q) const;
    /// What has flowed since the start.
    ledger since_start() const;
    /// What has flowed since the last local midnight, or since the start when that was later.
    double today(quantity q) const;

    /// Called at every full minute of UTC with what has flowed since the start.
    std::function<void(utc_time, ledger const&)> on_minute;

private:
    void begin_second();
    void end_second();
    void run_supply();
    void balance();
    void set_rates();

    std::uint64_t seed_;
    utc_time start_;
    utc_time now_;
    utc_time second_; ///< start of the running second

    weather weather_;
    machines machines_;
    kiln kiln_;
    boiler boiler_;
    battery battery_;
    drift frequency_;
    std::array<drift, 3> voltage_;

    plant_state state_;
    ledger first_;    ///< of the counters
    ledger flowed_;   ///< since the start, up to second_
    ledger midnight_; ///< flowed_ at the last local midnight
    ledger rates_;    ///< a second
};

} // namespace kilnwatt::simulator
