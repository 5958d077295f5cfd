#include "agent/control/kpi_rules.hpp"

#include "agent/energy/metric_catalogue.hpp"
#include "agent/energy/unit_dimension.hpp"
#include "agent/energy/user_kpi.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace kilnwatt::control {
namespace {

energy::instant length_of(settings::kpi_period p)
{
    constexpr std::array lengths{energy::minute, energy::quarter, energy::hour, energy::day_min, energy::month_min};
    return lengths[static_cast<std::size_t>(p)];
}

config::place place_of(settings::kpi_settings const& k, std::string_view key)
{
    return key == "name" ? k.name_at : key == "unit" ? k.unit_at : key == "floor" ? k.floor_at : k.formula_at;
}

} // namespace

std::string read_amount(std::string const& text, std::string_view figure_unit, double& amount)
{
    std::size_t used = 0;
    try {
        amount = std::stod(text, &used);
    } catch (std::exception const&) {
        used = 0;
    }
    auto const unit_at = std::min(text.find_first_not_of(' ', used), text.size());
    auto const unit = energy::measure_of(std::string_view{text}.substr(unit_at));
    auto const wanted = energy::measure_of(figure_unit);
    if (used == 0 || !std::isfinite(amount) || !unit)
        return fmt::format("'{}' is no number with a unit", text);
    if (!wanted || !unit->same_kind(*wanted))
        return fmt::format("'{}' does not fit a figure in {}", text, figure_unit.empty() ? "1" : figure_unit);
    amount *= unit->factor / wanted->factor;
    return {};
}

void add_formulas(settings::site const& site, energy::plant_model& model, config::defects& found)
{
    for (auto const& k : site.kpis) {
        energy::kpi_model m{k.name, k.formula, k.unit, length_of(k.shortest), {}};
        for (auto const& [figure, least] : k.floors) {
            auto& floor = m.floors.emplace_back();
            floor.name = figure;
            auto const unit = energy::unit_of_figure(model, figure);
            if (!unit)
                continue; // check_kpis() says so
            if (auto const why = read_amount(least, *unit, floor.least); !why.empty())
                found.push_back(
                    {k.floor_at, k.path + ".floor", why, fmt::format("a number with a unit, like \"0.5 {}\"", *unit)});
        }
        model.kpis.push_back(std::move(m));
    }
    for (auto const& f : energy::check_kpis(model)) {
        auto const& k = site.kpis[f.kpi];
        if (!k.name.empty() && !k.formula.empty()) // else that is what is noted
            found.push_back({place_of(k, f.key), k.path + "." + f.key, f.message, f.remedy});
    }
}

} // namespace kilnwatt::control
