#include "agent/settings/name_rules.hpp"
#include "agent/settings/sections.hpp"

namespace kilnwatt::settings {

void read_link_sections(config::table& root, link_book& links)
{
    name_register names{"link"};
    for (auto& t : root.children("link")) {
        link_settings l;
        l.at = t.where();
        l.name = names.take(t);
        l.timing = read_timing(t);
        t.require("url", "for example \"tcp://192.0.2.7\" or \"serial:///dev/ttyUSB0?baud=9600\"");
        links.add_named(t, std::move(l));
        t.refuse_unknown();
    }
}

} // namespace kilnwatt::settings
