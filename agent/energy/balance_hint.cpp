#include "agent/energy/balance_hint.hpp"

#include <algorithm>
#include <vector>

namespace kilnwatt::energy {
namespace {

constexpr double closes = 0.015;
constexpr double rival = 0.03;

struct mistake {
    char const* name;
    double reads; ///< of the truth
};
constexpr mistake mistakes[]{{"one phase turned round", 1.0 / 3}, {"one phase missing", 2.0 / 3}};

double share_with(std::vector<meter_part> parts, std::size_t i, double energy)
{
    parts[i].energy = energy;
    return sides_of(parts).share();
}

} // namespace

balance_sides sides_of(std::span<meter_part const> parts)
{
    double in = 0;
    double out = 0;
    for (auto const& p : parts)
        (p.energy > 0 ? in : out) += p.energy;
    return {in + out, std::max(in, -out)};
}

std::optional<balance_hint> find_misfit(std::span<meter_part const> given)
{
    if (sides_of(given).share() <= balance_warning)
        return std::nullopt;
    std::vector<meter_part> const parts{given.begin(), given.end()};
    std::vector<balance_hint> hints;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        auto const& p = parts[i];
        if (p.turned_round)
            hints.push_back({p.meter, "turned round", share_with(parts, i, *p.turned_round)});
        for (auto const& m : mistakes)
            if (p.energy != 0)
                hints.push_back({p.meter, m.name, share_with(parts, i, p.energy / m.reads)});
    }
    std::sort(hints.begin(), hints.end(), [](auto const& a, auto const& b) { return a.share < b.share; });
    if (hints.empty() || hints.front().share > closes)
        return std::nullopt;
    auto const other =
        std::find_if(hints.begin(), hints.end(), [&](balance_hint const& h) { return h.meter != hints.front().meter; });
    if (other != hints.end() && other->share < rival)
        return std::nullopt;
    return hints.front();
}

} // namespace kilnwatt::energy
