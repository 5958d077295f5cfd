#pragma once

#include "agent/energy/window_grid.hpp"
#include "core/quality.hpp"

#include <string>

namespace kilnwatt::energy {

class byte_reader;
class byte_writer;

/// What a counter gained between two readings, when a window between them was closed before the second one came. With
/// it the windows in between can be made again.
struct late_gain {
    instant from = 0;  ///< of the reading before
    instant to = 0;    ///< of the reading after
    instant since = 0; ///< the last edge that was known in time, before `to`; every window that ends later lacked it
    double delta = 0;  ///< in the counter's unit
    quality why = quality::good;
    bool exchanged = false; ///< somebody told of the exchange of the meter in between, after it was counted without
};

/// A counter went on from another number after its reading at `from`: somebody may tell yet that the meter was
/// exchanged.
struct meter_change {
    std::string device;
    std::string point;
    instant from = 0;

    friend bool operator==(meter_change const&, meter_change const&) = default;
};

/// Whose counter it was.
struct late_reading {
    std::string device;
    std::string point;
    late_gain gain;
};

void save(byte_writer& w, late_reading const& l);
void load(byte_reader& r, late_reading& l);

} // namespace kilnwatt::energy
