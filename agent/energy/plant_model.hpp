#pragma once

#include "core/role.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::energy {

struct array_plate {
    double rated_w = 0;                      ///< sum of module STC ratings, Wp
    double inverter_rated_w = 0;             ///< AC
    double temperature_coefficient = -0.0035; ///< 1/K
};

struct motor_plate {
    double rated_w = 0;      ///< shaft
    double rated_speed = 0;  ///< rpm; 0 = unknown
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
    bool key = false;       ///< key equipment: fed from PV first
    std::string meter;      ///< name of the meter above it in the tree; "" = at the top
    double sign = 1.0;      ///< of its contribution
    double share = 1.0;     ///< of its reading that belongs to the plant, 0..1
    std::optional<array_plate> array;
    std::optional<motor_plate> motor;
    std::optional<transformer_plate> transformer;
};

/// Energy carriers bought from outside, for comprehensive energy consumption (GB/T 2589-2020).
struct carrier_coefficients {
    double electricity_kgce_per_kwh = 0.1229;
    double gas_kgce_per_m3 = 1.2143;
    double gas_lhv_mj_per_m3 = 35.588;
    std::string source = "GB/T 2589-2020";
};

struct plant_model {
    std::vector<device_model> devices;
    carrier_coefficients carriers;
    int close_delay_ms = 15'000; ///< after a window's end, before it is closed with what there is
};

} // namespace kilnwatt::energy
