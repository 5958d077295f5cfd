#pragma once

#include "agent/energy/plant_model.hpp"
#include "agent/settings/site.hpp"
#include "config/defect.hpp"

namespace kilnwatt::control {

/// Puts the formulas of the site file into the model and notes what is wrong with them: names that the plant lacks,
/// units that do not fit, circles.
void add_formulas(settings::site const& site, energy::plant_model& model, config::defects& found);

/// "0.5 t" in the unit of a figure; the sentence that says what is wrong, or "".
std::string read_amount(std::string const& text, std::string_view figure_unit, double& amount);

} // namespace kilnwatt::control
