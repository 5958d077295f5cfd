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
    case stream::window_1h:
        return "window/PT1H";
    case stream::kpi_1h:
        return "kpi/PT1H";
    case stream::window_day:
        return "window/P1D";
    case stream::kpi_day:
        return "kpi/P1D";
    case stream::window_production_day:
        return "window/production_day";
    case stream::kpi_production_day:
        return "kpi/production_day";
    case stream::window_month:
        return "window/P1M";
    case stream::kpi_month:
        return "kpi/P1M";
    case stream::window_year:
        return "window/P1Y";
    case stream::kpi_year:
        return "kpi/P1Y";
    case stream::entry:
        return "entry";
    }
    return "unknown";
}

bool is_window(stream s) noexcept
{
    return to_string(s).starts_with("window/");
}

bool is_kpi(stream s) noexcept
{
    return to_string(s).starts_with("kpi/");
}

} // namespace kilnwatt
