#include "agent/cli/savings_lines.hpp"

#include <string>

namespace kilnwatt::cli {

std::vector<report::report_line> lines_of(report::savings_claim const& c,
                                          std::vector<savings::adjustment> const& adjustments,
                                          std::optional<savings::motor_split> const& split)
{
    auto all = report::lines_of(c);
    auto const add = [&](char const* section, std::string name, double v, std::string unit) {
        all.push_back({section, std::move(name), v, std::move(unit), "", std::nullopt, "", ""});
    };
    auto const& s = c.figures;
    auto const& unit = c.base.unit;
    add("savings", c.base.id + ".confidence", 100 * s.confidence, "%");
    for (auto const& a : adjustments) {
        add("adjustment", "adjustment", a.energy, unit);
        all.back().source = a.reason;
    }
    if (s.periods.empty())
        return all;
    add("sum", "adjusted", s.baseline_energy, unit);
    add("sum", "actual", s.actual_energy, unit);
    add("sum", "saved", s.saved, unit);
    add("not_savings", "mean_reduction", 100 * s.absolute_reduction, "%");
    if (!c.base.drivers.empty()) {
        add("not_savings", "work_change", 100 * s.work_change, "%");
        add("not_savings", "per_unit_reduction", 100 * s.per_unit_reduction, "%");
    }
    for (auto const& p : s.periods) {
        auto const used = p.measured.numbers.energy;
        auto const& label = p.measured.label;
        add("period", label + ".adjusted", p.adjusted, unit);
        if (p.extrapolated)
            all.back().quality = to_string(quality::engineering_range);
        add("period", label + ".actual", used, unit);
        add("period", label + ".saved", p.adjusted - used, unit);
        if (p.extrapolated)
            all.back().quality = to_string(quality::engineering_range);
    }
    if (split) {
        add("motor", "efficiency", 100 * split->efficiency, "%");
        add("motor", "demand", 100 * split->demand, "%");
        add("motor", "speed_proportional", 100 * split->speed_proportional, "%");
        add("motor", "speed_cubic", 100 * split->speed_cubic, "%");
    }
    return all;
}

} // namespace kilnwatt::cli
