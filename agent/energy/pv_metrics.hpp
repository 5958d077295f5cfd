#pragma once

#include "agent/energy/figure.hpp"
#include "agent/energy/plant_model.hpp"

namespace kilnwatt::energy {

/// Floors of the denominators (IEC 61724-1 gives none: below them a ratio is noise).
inline constexpr figure_floor reference_yield_floor{0.02, 0.1, 0.5}; ///< kWh/m2
inline constexpr figure_floor self_use_floor{0.1, 0.1, 0.1};         ///< kWh
inline constexpr figure_floor key_floor{1, 1, 1};                    ///< kWh

/// Beyond them a number can be, with a cold array or a sensor that reads low, but it is in doubt.
inline constexpr figure_range performance_range{0, 1.05, quality::engineering_range};
inline constexpr figure_range performance_stc_range{0, 1.1, quality::engineering_range};
inline constexpr figure_range loss_range{0, std::numeric_limits<double>::infinity(), quality::engineering_range};

inline constexpr double dc_load_floor = 0.05;                        ///< share of the inverter's rating

/// kWh that the array would have made at STC efficiency from the insolation H in kWh/m2: P0 H / (1 kW/m2). The
/// performance ratio is the AC energy over this, the plain one (no temperature correction).
double reference_energy(double rated_w, double insolation);

/// W from which the inverter counts as rated: its AC rating, or the array's when that is unknown.
double inverter_rating(array_plate const& plate);

inline constexpr double t_stc = 25; ///< degC

/// What module temperature (degC) leaves of the power at `reference` degC: 1 + gamma (T - reference), gamma in 1/K
/// (IEC 61724-1).
double temperature_factor(double gamma, double t_module, double reference = t_stc);

/// W that an array without curtailment would give in irradiance W/m2, at most its inverter's rating.
double expected_power(array_plate const& plate, double irradiance, double t_module, double reference_ratio);

/// Weighted inverter efficiency from efficiencies at shares of the rated AC power.
double european_efficiency(double e5, double e10, double e20, double e30, double e50, double e100);
double cec_efficiency(double e10, double e20, double e30, double e50, double e75, double e100);

/// Share of the time in which it could be told and was not excluded; any unit of time.
double availability(double available, double total, double unknown, double excluded);

/// PV energy of an interval that was used on site at once or put into the battery, kWh.
double direct_use(double pv, double load, double charge);

/// Load of an interval that came from PV or the battery, kWh (all that the battery gives counts as PV).
double own_supply(double pv, double load, double charge, double discharge);

/// PV energy attributed to the key equipment of an interval, kWh: PV serves it first.
double first_share(double pv, double key);

/// The same when PV serves all loads alike: the key equipment has its share of what the load took from PV.
double proportional_share(double pv, double key, double load);

} // namespace kilnwatt::energy
