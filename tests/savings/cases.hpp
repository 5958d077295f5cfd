#pragma once

#include "agent/savings/adjusted_savings.hpp"

#include <stdexcept>
#include <string>
#include <vector>

/// The measured days of a 110 kW hydraulic pump before and after its motor was replaced (G-MV-1).
namespace kilnwatt::test {

inline std::vector<savings::period> days(std::string const& month, std::vector<double> const& x,
                                         std::vector<double> const& energy)
{
    std::vector<savings::period> all;
    for (std::size_t i = 0; i < x.size(); ++i)
        all.push_back({month + (i < 9 ? "-0" : "-") + std::to_string(i + 1), {energy[i], {x[i]}}});
    return all;
}

inline std::vector<savings::period> pump_before()
{
    return days("2026-03", {22, 25, 27, 30, 31, 33, 35, 36, 38, 40, 42, 45},
                {1111.0, 1186.5, 1265.5, 1349.0, 1398.5, 1440.5, 1516.5, 1554.0, 1594.0, 1667.0, 1742.0, 1821.5});
}

inline std::vector<savings::period> pump_after()
{
    return days("2026-05", {30, 33, 36, 40, 43, 45}, {1090.4, 1150.7, 1238.9, 1330.3, 1417.6, 1457.7});
}

inline savings::baseline fitted(std::vector<savings::period> const& periods)
{
    savings::baseline b;
    b.energy = "press_pump.e";
    b.unit = "kWh";
    b.drivers = {{"production", "t"}};
    std::string why;
    if (!savings::fit_baseline(b, periods, why))
        throw std::runtime_error{why};
    return b;
}

} // namespace kilnwatt::test
