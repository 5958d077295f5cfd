#pragma once

#include "agent/energy/calendar.hpp"
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
};

struct motor_plate {
    double rated_w = 0;           ///< shaft
    double rated_speed = 0;       ///< rpm; 0 = unknown
    std::string efficiency_class; ///< "IE1" .. "IE5", "" = unknown
};

struct transformer_plate {
    double rated_va = 0;
    double no_load_loss_w = 0; ///< P0
    double load_loss_w = 0;    ///< Pk
};

/// What a device is to the plant.
struct device_model {
    std::string name;
    role what = role::none;
    bool key = false;   ///< key equipment: fed from PV first
    std::string meter;  ///< name of the meter above it in the tree; "" = at the top
    double sign = 1.0;  ///< of its contribution
    double share = 1.0; ///< of its reading that belongs to the plant, 0..1
    std::optional<array_plate> array;
    std::optional<motor_plate> motor;
    std::optional<transformer_plate> transformer;
    std::map<std::string, double> modulus; ///< by counter point: where it rolls over, in the point's unit
};

/// Energy carriers bought from outside, for comprehensive energy consumption (GB/T 2589-2020).
struct carrier_coefficients {
    double electricity_kgce_per_kwh = 0.1229;
    double gas_kgce_per_m3 = 1.2143;
    double gas_lhv_mj_per_m3 = 35.588;
    std::string source = "GB/T 2589-2020";
};

/// What a bought unit of energy emits. The grid's factor is the national average of 2022.
struct emission_factors {
    double electricity_kg_per_kwh = 0.5366;
    double gas_kg_per_m3 = 2.16219;
    std::string source = "MEE and NBS 2024 (electricity, 2022); national guide for industry (natural gas)";
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

struct plant_model {
    std::vector<device_model> devices;
    carrier_coefficients carriers;
    emission_factors emissions;
    std::optional<tariff> prices;   ///< of electricity
    std::vector<kpi_model> kpis;    ///< checked with check_kpis()
    bool all_loads_metered = false; ///< no load is without a meter, so that the balance must close
    calendar local_time;            ///< of hours, days, months and years
    int close_delay_ms = 15'000;    ///< after a window's end, before it is closed with what there is
};

} // namespace kilnwatt::energy
