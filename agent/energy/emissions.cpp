#include "agent/energy/plant_model.hpp"

namespace kilnwatt::energy {

grid_factor const& emission_factors::grid_of(int year) const
{
    static grid_factor const none{};
    grid_factor const* best = nullptr;
    for (auto const& f : grid) {
        auto const better =
            best == nullptr || (best->year > year ? f.year < best->year : f.year <= year && f.year > best->year);
        if (better)
            best = &f;
    }
    return best == nullptr ? none : *best;
}

} // namespace kilnwatt::energy
