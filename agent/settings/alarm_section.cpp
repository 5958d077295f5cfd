#include "agent/settings/name_rules.hpp"
#include "agent/settings/sections.hpp"

#include <fmt/format.h>

namespace kilnwatt::settings {
namespace {

using namespace std::chrono_literals;

void read_target(config::table& t, alarm_settings& a)
{
    a.point = t.text("point").value_or("");
    a.kpi = t.text("kpi").value_or("");
    if (t.has("point") == t.has("kpi"))
        t.complain(t.has("point") ? "kpi" : "point", t.has("point") ? "stands beside point" : "is missing",
                   "an alarm watches one of both: point = \"boiler.steam_pressure\" or kpi = \"grid.demand\"");
    else if (t.has("point") && a.point.find('.') == std::string::npos && !a.point.empty())
        t.complain("point", fmt::format("is '{}', but must be a device and its point", a.point),
                   "for example \"boiler.steam_pressure\"");
}

void read_limit(config::table& t, alarm_settings& a)
{
    a.above = t.has("above");
    (void)t.has("hysteresis"); // both are read when the unit of the value is known
    if (t.has("above") == t.has("below"))
        t.complain(a.above ? "below" : "above", a.above ? "stands beside above" : "is missing",
                   "an alarm has one limit, above or below; write two alarms for a band");
}

} // namespace

void read_alarm_sections(config::table& root, site& s)
{
    name_register names{"alarm"};
    auto tables = root.children("alarm");
    if (tables.size() > alarms_max) {
        root.complain("alarm",
                      fmt::format("is given {} times, but one agent watches at most {}", tables.size(), alarms_max));
        tables.erase(tables.begin() + alarms_max, tables.end());
    }
    for (auto& t : tables) {
        alarm_settings a{.owner = t};
        a.name = names.take(t);
        read_target(t, a);
        read_limit(t, a);
        a.delay = t.duration("delay", 0ms, 24h).value_or(0ms);
        a.severity = t.choice("severity", {"info", "warning", "alarm"}).value_or("alarm");
        t.refuse_unknown();
        s.alarms.push_back(std::move(a));
    }
}

} // namespace kilnwatt::settings
