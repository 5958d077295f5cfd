#include "agent/energy/target.hpp"

#include <cmath>
#include <utility>

namespace kilnwatt::energy {

target_progress progress_of(target_model const& t, double value, int year)
{
    target_progress p;
    p.reduction = 1 - value / t.base;
    p.progress = p.reduction / t.reduction;
    auto const years = year - t.base_year;
    if (years >= 1 && p.reduction <= 1)
        p.yearly = 1 - std::pow(1 - p.reduction, 1.0 / years);
    return p;
}

bool set_base(target_model& t, double base, std::string source)
{
    t.base_source = std::move(source);
    if (!(base > 0) || !(t.aim < base))
        return false;
    t.base = base;
    if (t.aim > 0)
        t.reduction = 1 - t.aim / base;
    return true;
}

std::string target_figure(target_model const& t, std::string_view leaf)
{
    return "kpi." + t.name + "_" + std::string{leaf};
}

std::vector<named_value> target_values(std::vector<target_model> const& targets,
                                       std::map<std::string, figure_value> const& figures, int year)
{
    constexpr double percent = 100;
    std::vector<named_value> all;
    for (auto const& t : targets) {
        auto const from = figures.find(t.figure);
        if (from == figures.end() || !(t.base > 0))
            continue;
        auto const p = progress_of(t, from->second.value, year);
        auto const add = [&](std::string_view leaf, double share) {
            auto v = from->second;
            v.value = v.known ? percent * share : 0;
            all.push_back({target_figure(t, leaf), "%", v});
        };
        add("reduction", p.reduction);
        add("progress", p.progress);
        if (p.yearly)
            add("cagr", *p.yearly);
    }
    return all;
}

} // namespace kilnwatt::energy
