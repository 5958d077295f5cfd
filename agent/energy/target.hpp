#pragma once

#include "agent/energy/figure.hpp"
#include "agent/energy/plant_model.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::energy {

/// How far a figure fell from its base, and what share of the target that is.
struct target_progress {
    double reduction = 0;         ///< 1 - value / base
    double progress = 0;          ///< reduction over the reduction aimed at
    std::optional<double> yearly; ///< 1 - (1 - reduction)^(1/N), N years after the base year; nothing for N < 1
};
target_progress progress_of(target_model const& t, double value, int year);

/// Gives a target its base and says where it comes from. False when the base is not above 0 and above the aim.
bool set_base(target_model& t, double base, std::string source);

/// Name of a target's figure, leaf "reduction", "progress" or "cagr": "kpi.energy_per_tonne_progress".
std::string target_figure(target_model const& t, std::string_view leaf);

struct named_value {
    std::string name;
    std::string unit;
    figure_value of;
};
/// The figures of all targets for one period from its figures by name. A target whose figure the period lacks is
/// absent, and so is one without a base; one whose figure has no value has none, with the same quality.
std::vector<named_value> target_values(std::vector<target_model> const& targets,
                                       std::map<std::string, figure_value> const& figures, int year);

} // namespace kilnwatt::energy
