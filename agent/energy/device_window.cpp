#include "agent/energy/device_window.hpp"

#include <algorithm>

namespace kilnwatt::energy {

gauge_summary const* device_window::find_gauge(std::string_view name) const
{
    auto const g = std::find_if(gauges.begin(), gauges.end(), [&](gauge const& x) { return x.name == name; });
    return g == gauges.end() ? nullptr : &g->sum;
}

counter_delta const* device_window::find_counter(std::string_view name) const
{
    auto const c = std::find_if(counters.begin(), counters.end(), [&](counter const& x) {
        return x.name == name && (x.read || x.delta.how == method::integral);
    });
    return c == counters.end() ? nullptr : &c->delta;
}

bool device_window::says_something() const
{
    return std::any_of(gauges.begin(), gauges.end(), [](gauge const& g) { return g.sum.has_value(); }) ||
           std::any_of(counters.begin(), counters.end(), [](counter const& c) { return c.delta.known; });
}

} // namespace kilnwatt::energy
