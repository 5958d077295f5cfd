#include "agent/control/open_point.hpp"

#include "drivers/point_write.hpp"
#include "protocols/modbus/error.hpp"

#include <fmt/format.h>

namespace kilnwatt::control {

std::optional<open_point> open_point_of(std::span<poll::polled_device const> devices, control_request const& r,
                                        std::string& why)
{
    modbus::write_request const request{r.at.unit, drivers::function_for(r.at.from, r.values.size(), r.multiple),
                                        r.at.address, r.values};
    why.clear();
    for (auto const& d : devices)
        for (auto const& p : d.device.what().points) {
            if (d.device.unit() != r.at.unit)
                continue;
            if (auto const v = drivers::written_value(p, request, why))
                return open_point{d.device.name(), p.name, p.unit, *v};
        }
    if (why.empty())
        why = fmt::format("the agent's site file opens no point of unit {} at address {} for writing", r.at.unit,
                          r.at.address);
    return std::nullopt;
}

std::string point_written::sentence() const
{
    auto const wanted = fmt::format("{}{}{} by user {}", what.value, what.unit.empty() ? "" : " ", what.unit, user);
    if (!ec)
        return "set to " + wanted;
    auto const unsure = modbus::may_have_arrived(ec) ? "; it is not known whether it arrived" : "";
    return fmt::format("not set to {}: {}{}", wanted, ec.message(), unsure);
}

} // namespace kilnwatt::control
