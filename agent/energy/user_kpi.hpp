#pragma once

#include "agent/energy/figure.hpp"
#include "agent/energy/formula.hpp"
#include "agent/energy/plant_model.hpp"
#include "agent/energy/target.hpp"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace kilnwatt::energy {

/// What is wrong with a formula of the site file.
struct kpi_fault {
    std::size_t kpi = 0; ///< index in the model
    std::string key;     ///< of the site file: "formula", "unit", "name", "floor"
    std::string message;
    std::string remedy;
};

/// Checks names, units and circles of all formulas; empty when all can be computed.
///
/// Units are checked by what the formula does when its inputs are measured in larger units: kWh / t must fall by 1000
/// when a tonne is replaced by a gram. That finds sums of different kinds and a result of another kind than `unit`.
std::vector<kpi_fault> check_kpis(plant_model const& m);

/// The formulas of a plant, each after those it uses. A period's value is the formula of the period's figures, never a
/// mean of values of shorter ones. Inputs are converted to coherent units and the result to the formula's own, so that
/// formulas hold no conversion factors.
class user_kpis {
public:
    /// Formulas with a fault are left out.
    explicit user_kpis(plant_model const& m);

    /// Other bases and aims from now on.
    void use(std::vector<target_model> targets) { targets_ = std::move(targets); }

    /// Figures of points that formulas use.
    std::vector<std::string> const& points() const { return points_; }

    struct value {
        kpi_model const* kpi = nullptr;
        figure_value of;
    };
    /// Values of one period of `length` ms from its figures by name; a formula whose inputs the period lacks is absent.
    std::vector<value> values(std::map<std::string, figure_value> figures, instant length) const;

    /// Figures of the plant's targets for a period; `figures` hold the formulas' values too. Months and years only.
    std::vector<named_value> progress(std::map<std::string, figure_value> const& figures, time_span when) const;

private:
    struct compiled {
        kpi_model const* kpi = nullptr;
        std::shared_ptr<formula> how;
        std::vector<double> factors; ///< of the inputs to coherent units
        double result = 1;           ///< of the result to coherent units
    };
    figure_value value_of(compiled const& c, std::map<std::string, figure_value> const& figures) const;

    std::vector<kpi_model> kpis_;
    std::vector<compiled> order_;
    std::vector<std::string> points_;
    std::vector<target_model> targets_;
    calendar local_time_;
};

} // namespace kilnwatt::energy
