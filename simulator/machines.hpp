#pragma once

#include "core/time.hpp"
#include "simulator/motor.hpp"
#include "simulator/noise.hpp"

#include <array>

namespace kilnwatt::simulator {

/// Active and reactive power of one feeder; + = consumption.
struct feeder {
    double p_w = 0;
    double q_var = 0;

    double apparent_va() const;
    double power_factor() const; ///< 1 when nothing flows
};

/// A feeder of `p_w` at a lagging power factor.
feeder lagging(double p_w, double power_factor);

struct compressor_state {
    feeder at;
    bool loaded = false;
    double pressure_pa = 0; ///< above the atmosphere, of the net
    double air_m3h = 0;     ///< delivered, normal volume
};

struct machines_state {
    motor_state mill;
    motor_state press;
    feeder mill_feeder;
    feeder press_feeder;
    feeder kiln_fans;
    compressor_state compressor;
    feeder other; ///< lighting, offices, workshop: has no meter
};

inline constexpr motor_plate mill_plate{.rated_w = 132e3, .rated_rpm = 1488, .rated_efficiency = 0.956};
inline constexpr motor_plate press_plate{.rated_w = 110e3, .rated_rpm = 1488, .rated_efficiency = 0.970};

/// The electrical consumers: a ball mill that grinds in batches, a press whose hydraulic pump follows the work with its
/// speed, the kiln's fans, a compressor that loads and unloads, and all that is not metered.
class machines {
public:
    explicit machines(std::uint64_t seed);

    machines_state const& step(utc_time t, double kiln_pace);

private:
    void run_compressor();

    duty_cycle mill_duty_;
    duty_cycle press_duty_;
    drift mill_charge_;
    drift press_speed_;
    drift press_pressure_;
    drift fans_;
    drift air_demand_;
    drift other_;
    machines_state now_;
};

} // namespace kilnwatt::simulator
