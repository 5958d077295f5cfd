#include "agent/control/site_plan.hpp"

#include <fmt/format.h>

namespace kilnwatt::control {

drivers::link_cost cost_of(planned_link const& link)
{
    drivers::link_cost cost{link.address.kind, link.address.serial, link.timing.request_gap};
    if (link.address.kind == link_kind::rtu_over_tcp && !link.devices.empty())
        cost.serial = link.devices.front().device.what().serial;
    return cost;
}

poll::link_load load_of(planned_link const& link, drivers::link_cost const& cost)
{
    poll::link_load load;
    for (auto const& d : link.devices)
        for (auto& p : poll::polls_of(d.device, d.periods, cost))
            load.polls.push_back(std::move(p));
    return load;
}

std::string overload_of(poll::link_load const& load)
{
    auto const o = load.too_much();
    if (!o)
        return {};
    auto const asked = fmt::format("its devices ask for {:.0f} % of its time", 100 * load.utilisation());
    if (o->all_classes)
        return fmt::format("{}; with {:.1f} times the intervals it could be done", asked, o->factor);
    return fmt::format("{}; the smallest interval that can be met is {} = \"{} ms\"", asked,
                       drivers::poll_class_names[static_cast<std::size_t>(o->what)], o->smallest.count());
}

} // namespace kilnwatt::control
