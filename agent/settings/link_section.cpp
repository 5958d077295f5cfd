#include "agent/settings/name_rules.hpp"
#include "agent/settings/sections.hpp"

namespace kilnwatt::settings {

using namespace std::chrono_literals;

void read_link_sections(config::table& root, link_book& links)
{
    name_register names{"link"};
    for (auto& t : root.children("link")) {
        link_settings l;
        l.at = t.where();
        l.name = names.take(t);
        l.timing = read_timing(t);
        l.failing_share = t.number("failing_share", 0.01, 1.0).value_or(l.failing_share);
        l.probe_max = t.duration("probe_max", 2s, 1h).value_or(l.probe_max);
        l.offline_after = static_cast<int>(t.integer("offline_after", 1, 100).value_or(l.offline_after));
        t.require("url", "for example \"tcp://192.0.2.7\" or \"serial:///dev/ttyUSB0?baud=9600\"");
        auto const fallback = t.text("fallback");
        links.add_named(t, std::move(l));
        if (fallback)
            links.add_fallback(t, *fallback);
        t.refuse_unknown();
    }
}

} // namespace kilnwatt::settings
