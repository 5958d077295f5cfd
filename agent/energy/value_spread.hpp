#pragma once

#include "agent/energy/window_grid.hpp"

#include <cstdint>
#include <map>
#include <optional>

namespace kilnwatt::energy {

class byte_reader;
class byte_writer;

/// How long a value stood where, in steps of 0.05 from 0 to 100 (what lies beyond counts at the end), so that what it
/// did not exceed for a share of the time is known to a step. Sums, so that periods add up.
class value_spread {
public:
    static constexpr double step = 0.05;

    void add(double value, instant time); ///< it stood so long, ms; a value that is no number is left out
    void add(value_spread const& other);

    bool empty() const { return held_.empty(); }
    /// The value that was not exceeded for this share (0..1) of the time: upper end of its step.
    std::optional<double> quantile(double share) const;

    friend void save(byte_writer& w, value_spread const& s);
    friend void load(byte_reader& r, value_spread& s);

private:
    std::map<std::uint16_t, instant> held_; ///< by step
};

} // namespace kilnwatt::energy
