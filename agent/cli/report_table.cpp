#include "agent/cli/report_table.hpp"

namespace kilnwatt::cli {

table table_of(std::vector<report::report_line> const& lines)
{
    table t{{{"section"},
             {"name"},
             {"value", true},
             {"unit"},
             {"quality"},
             {"coverage", true},
             {"method"},
             {"source"},
             {"at"}}};
    auto const number = [](std::optional<double> v) { return v ? value{*v} : value{}; };
    for (auto const& l : lines)
        t.add({l.section, l.name, number(l.value), l.unit, l.quality, number(l.coverage), l.method, l.source, l.at});
    return t;
}

} // namespace kilnwatt::cli
