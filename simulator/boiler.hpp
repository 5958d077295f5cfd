#pragma once

#include "core/time.hpp"
#include "simulator/noise.hpp"

namespace kilnwatt::simulator {

struct boiler_state {
    bool firing = false;
    double steam_kgh = 0;
    double pressure_pa = 0; ///< absolute
    double feed_water_c = 0;
    double gas_nm3h = 0;
    double steam_w = 0;    ///< heat given to the steam
    double efficiency = 0; ///< of the fuel's lower heating value, 0..1
    double flue_c = 0;
};

/// A gas-fired steam boiler that works two shifts, 2 to 4 t/h of saturated steam at 0.8 MPa absolute.
class boiler {
public:
    explicit boiler(std::uint64_t seed);

    boiler_state const& step(utc_time t, double ambient_c);

private:
    drift demand_;
    drift pressure_;
    drift feed_;
    double level_ = 0; ///< 0 cold .. 1 at work
    bool first_ = true;
    boiler_state now_;
};

} // namespace kilnwatt::simulator
