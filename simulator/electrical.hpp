#pragma once

#include "simulator/plant.hpp"
#include "simulator/point_source.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace kilnwatt::simulator {

/// A feeder as a meter sees it. The three phases carry constant shares of it that differ by a few percent.
struct electrical {
    feeder at;
    std::array<double, 3> volts{}; ///< to neutral
    double hz = 0;

    static constexpr std::array<double, 3> share{0.336, 0.331, 0.333};

    feeder phase(std::size_t i) const { return {at.p_w * share[i], at.q_var * share[i]}; }
    double amps(std::size_t i) const { return phase(i).apparent_va() / volts[i]; }
    double line_volts(std::size_t i) const; ///< between phase i and the next
};

using electrical_view = std::function<electrical(plant const&)>;

/// The counters of a meter; those a meter does not have are absent.
struct energy_counters {
    std::optional<quantity> imported, exported, reactive_imported, reactive_exported;
};

/// Powers, voltages, currents and counters of a meter by their point names, with the phase suffixes _l1, _l2, _l3.
std::optional<point_source> electrical_source(electrical_view view, energy_counters counters, std::string_view point);

} // namespace kilnwatt::simulator
