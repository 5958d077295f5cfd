#pragma once

namespace kilnwatt::simulator {

struct array_plate {
    double rated_w = 0;     ///< sum of module ratings at 1000 W/m2 and 25 degC
    double inverter_w = 0;  ///< AC rating
    double gamma = -0.0035; ///< 1/K
    double mismatch = 0.97; ///< dirt, wiring and mismatch
    int trackers = 4;       ///< MPPT inputs, equally loaded
};

enum class inverter_state { sleeping, standby, running, throttled };

struct array_output {
    inverter_state state = inverter_state::sleeping;
    double dc_w = 0;
    double ac_w = 0;
    double dc_v = 0;
    double reference_w = 0;     ///< rated power times irradiance
    double reference_stc_w = 0; ///< the same corrected to the module temperature
    double cabinet_c = 0;
};

/// DC power that an inverter turns into heat at DC power `dc_w`: a constant, a linear and a square part, which give
/// about 93.4 % at a twentieth of the rating, 98.4 % at half and 98.2 % at full load.
double inverter_loss(double dc_w, double inverter_w);

/// Irradiance [W/m2] and temperatures [degC] to DC and AC power. Above its AC rating the inverter leaves the maximum
/// power point, so DC and AC fall together.
array_output convert(array_plate const& plate, double irradiance, double module_c, double ambient_c);

} // namespace kilnwatt::simulator
