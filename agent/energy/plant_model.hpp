#pragma once

#include "agent/energy/calendar.hpp"
#include "agent/energy/interpolation.hpp"
#include "agent/energy/sun.hpp"
#include "agent/energy/tariff.hpp"
#include "core/role.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::energy {

struct array_plate {
    double rated_w = 0;                       ///< sum of module STC ratings, Wp
    double inverter_rated_w = 0;              ///< AC
    double temperature_coefficient = -0.0035; ///< 1/K
    std::string orientation;                  ///< arrays with the same word see the same sun
    std::optional<double> annual_module_temperature{}; ///< degC, mean over a year weighted by irradiance
};

struct motor_plate {
    double rated_w = 0;           ///< shaft
    double rated_speed = 0;       ///< rpm; 0 = unknown
    std::string efficiency_class; ///< "IE1" .. "IE5", "" = unknown
    double rated_voltage = 0;     ///< V between lines; 0 = unknown
    double rated_current = 0;     ///< A; 0 = unknown
};

struct transformer_plate {
    double rated_va = 0;
    double no_load_loss_w = 0; ///< P0
    double load_loss_w = 0;    ///< Pk
    double no_load_current = 0;       ///< I0, share of the rated current; 0 = unknown
    double short_circuit_voltage = 0; ///< Uk, share of the rated voltage; 0 = unknown
};

inline constexpr std::string_view natural_gas = "natural_gas";

struct boiler_plate {
    double rated_w = 0;            ///< heat; 0 = unknown
    std::string fuel{natural_gas}; ///< a carrier that burns
    double dryness = 1;            ///< of its steam, share of the mass that is steam
};

/// What a device is to the plant.
struct device_model {
    std::string name;
    role what = role::none;
    bool key = false;   ///< key equipment: fed from PV first
    std::string meter;  ///< name of the meter above it in the tree; "" = at the top
    double sign = 1.0;  ///< of its contribution
    double share = 1.0; ///< of its reading that belongs to the plant, 0..1
    interpolation between = interpolation::hold; ///< readings of its gauges
    bool gaps_by_sun = false;                    ///< its counters' gaps have the shape of the sun, not of time
    std::optional<array_plate> array;
    std::optional<motor_plate> motor;
    std::optional<transformer_plate> transformer;
    std::optional<boiler_plate> boiler;
    std::string carrier{natural_gas};      ///< what a fuel meter counts
    std::string product;                   ///< the counter that a production device has; "" = not said
    bool flow_sensor_in_supply = false;    ///< of a heat meter; else in the return
    double minimum_flow = 0;               ///< q_i of a heat meter, m3/h; 0 = unknown
    double flue_gas_rated_w = 0;           ///< heat of the flue gas at design, down to ambient; 0 = unknown
    double rated_flow = 0;                 ///< of a machine that counts a volume, m3/h; 0 = unknown
    double rated_mass_flow = 0;            ///< t/h, of a machine that counts a mass, or of a product; 0 = unknown
    double capacity_wh = 0;                ///< of a battery; 0 = unknown
    double conformity_band = 5;            ///< K that a kiln may be off its set point
    std::map<std::string, double> modulus; ///< by counter point: where it rolls over, in the point's unit
};

/// Energy carriers bought from outside, for comprehensive energy consumption (GB/T 2589-2020).
struct carrier_coefficients {
    double electricity_kgce_per_kwh = 0.1229;
    double gas_kgce_per_m3 = 1.2143;
    double gas_lhv_mj_per_m3 = 35.588;
    std::string source = "GB/T 2589-2020";
};

/// Any other carrier that the plant buys and meters.
struct bought_carrier {
    std::string name;
    std::string unit; ///< "kg", "m3", "GJ", "t"
    double kgce = 0;  ///< a unit
    double mj = 0;    ///< heat of a unit of a fuel, LHV; 0 = it does not burn
    double co2_kg = 0;
    std::string source, co2_source;
};

/// What a kWh from the grid emitted in one year, as it was published.
struct grid_factor {
    int year = 0;
    double kg_per_kwh = 0;
    std::string region;
    std::string source;
};

/// What a bought unit of energy emits.
struct emission_factors {
    std::vector<grid_factor> grid{{2022, 0.5366, "national average", "MEE and NBS, announcement of 20 December 2024"}};
    double gas_kg_per_m3 = 2.16219;
    std::string gas_source = "national guide for industry: 389.31 GJ/10^4 m3, 0.0153 tC/GJ, 99 %";

    /// The factor of that year; where none was published the latest before it, else the earliest.
    grid_factor const& grid_of(int year) const;
};

/// How PV energy is shared out to the key equipment.
enum class pv_first_mode : std::uint8_t {
    priority,     ///< PV serves it first
    proportional, ///< it has its share of what PV gives to all loads
    wired,        ///< it has what comes over a PV feeder of its own that is metered
};

/// A figure that the site defines: a formula over other figures.
struct kpi_model {
    struct floor {
        std::string name; ///< figure that must not be below
        double least = 0; ///< in that figure's unit
    };
    std::string name; ///< "press.kwh_per_stroke"
    std::string formula;
    std::string unit;
    instant shortest = quarter; ///< ms; not published for shorter periods
    std::vector<floor> floors;  ///< below one there is no value, only quality denominator_low
};

/// A figure that is to fall, against a base.
struct target_model {
    std::string name;     ///< "energy_per_tonne"
    std::string figure;   ///< "tce.unit"; a figure of the plant or of a [[kpi]]
    std::string unit;     ///< of that figure
    double base = 0;      ///< in that unit, above 0; 0 = not known (yet)
    double reduction = 0; ///< aimed at, share of the base, above 0
    int base_year = 0;
    int year = 0; ///< by when; 0 = not said
    std::string source;
    bool base_is_entered = false; ///< the base is what people entered for the base year
    double aim = 0;               ///< in that unit, where the aim was said so; 0 = as a reduction
    std::string base_source{};    ///< of an entered base: what it was made from; or why it is not known
};

struct plant_model {
    std::vector<device_model> devices;
    carrier_coefficients carriers;
    std::vector<bought_carrier> bought; ///< carriers beside electricity and natural gas that the site has or changes
    bool count_onsite_pv = false;       ///< PV used on site counts as energy consumed
    emission_factors emissions;
    pv_first_mode pv_first = pv_first_mode::priority;
    std::string pv_feeder;        ///< device that measures it; "" = none
    std::optional<tariff> prices; ///< of electricity
    std::vector<kpi_model> kpis;  ///< checked with check_kpis()
    std::vector<target_model> targets;
    bool all_loads_metered = false;              ///< no load is without a meter, so that the balance must close
    std::optional<geographic_location> location; ///< for night and day without a pyranometer
    calendar local_time;                         ///< of hours, days, months and years
    int close_delay_ms = 15'000;                 ///< after a window's end, before it is closed with what there is
    instant gap_total_max_ms = 24 * hour;        ///< a longer gap's energy is not shared out to the windows inside it
};

/// A carrier's coefficients: the site's own, else the usual ones; nothing for an unknown name.
std::optional<bought_carrier> carrier_named(plant_model const& m, std::string_view name);

} // namespace kilnwatt::energy
