#include "core/layout.hpp"

namespace kilnwatt {

std::string_view to_string(stream s) noexcept
{
    switch (s) {
    case stream::readings:
        return "readings";
    case stream::window_1m:
        return "window/PT1M";
    case stream::window_15m:
        return "window/PT15M";
    case stream::kpi_1m:
        return "kpi/PT1M";
    case stream::kpi_15m:
        return "kpi/PT15M";
    case stream::event:
        return "event";
    }
    return "unknown";
}

} // namespace kilnwatt
