#pragma once

#include "simulator/noise.hpp"

namespace kilnwatt::simulator {

inline constexpr double gas_lhv_mj = 35.588; ///< MJ/Nm3

struct kiln_state {
    double setpoint_c = 1180.0;
    double temperature_c = 1180.0; ///< of the firing zone
    double output_percent = 0;     ///< of the controller
    double gas_nm3h = 0;
    double gas_pressure_pa = 0; ///< above the atmosphere, before the burners
    double cars_tph = 0;        ///< ware leaving the kiln, t/h

    double flue_nm3h = 0; ///< flue gas through the exchanger
    double flue_in_c = 0;
    double flue_out_c = 0;
    double available_w = 0; ///< heat of the flue gas above the air
    double extracted_w = 0; ///< heat it leaves in the exchanger

    double water_m3h = 0;
    double supply_c = 0;
    double return_c = 0;
    double heat_w = 0; ///< delivered, as a heat meter computes it
};

/// A gas-fired tunnel kiln with a temperature controller, and the exchanger that takes heat from its flue gas.
class kiln {
public:
    explicit kiln(std::uint64_t seed);

    kiln_state const& step(double ambient_c);
    kiln_state const& state() const { return now_; }

private:
    void fire();
    void recover(double ambient_c);

    duty_cycle cars_;
    drift pace_;
    drift draught_;
    drift pump_;
    drift consumers_;
    double integral_ = 0;
    kiln_state now_;
};

} // namespace kilnwatt::simulator
