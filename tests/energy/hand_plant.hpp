#pragma once

#include "agent/energy/plant_figures.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace kilnwatt::energy::test {

inline constexpr instant base = 1'780'272'000'000;

/// A plant of hand-made windows: what each device did in the minute.
struct hand_plant {
    std::size_t add(std::string name, role what)
    {
        device_model m;
        m.name = std::move(name);
        m.what = what;
        model.devices.push_back(std::move(m));
        windows.push_back({base, base + minute, {}, {}});
        return windows.size() - 1;
    }

    void gauge(std::size_t device, std::string name, double value)
    {
        gauge_summary s;
        s.hold(value, quality::good, base, base + minute);
        s.sample(value, quality::good, base);
        windows[device].gauges.push_back({std::move(name), "", s});
    }

    void counter(std::size_t device, std::string name, double gain)
    {
        windows[device].counters.push_back(
            {std::move(name), "", true, {gain, true, base, minute, true, quality::good, method::counter}});
    }

    /// A share of the minute, and how often it began.
    void state(std::size_t device, std::string name, double share, std::uint32_t rises = 0)
    {
        gauge(device, std::move(name), share);
        windows[device].gauges.back().sum.rises = rises;
    }

    figures minute_figures() const
    {
        std::vector<device_window const*> all;
        for (auto const& w : windows)
            all.push_back(&w);
        return plant_figures({&model, all, base});
    }

    plant_model model;
    std::vector<device_window> windows;
};

inline figure_value value_of(figures const& f, std::string_view name, instant length = minute)
{
    for (auto const& x : f)
        if (x.name == name)
            return finish(x, length);
    FAIL("no figure " << name);
    return {};
}

inline bool has(figures const& f, std::string_view name)
{
    return std::any_of(f.begin(), f.end(), [&](figure const& x) { return x.name == name; });
}

} // namespace kilnwatt::energy::test
