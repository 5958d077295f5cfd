#pragma once

#include "agent/energy/calendar.hpp"
#include "agent/energy/counter_track.hpp"

namespace kilnwatt::energy {

/// What a counter gained over a period above a quarter of an hour, made of the gains of quarters. A commutative monoid:
/// merge() of any split in any order is the same summary, and a default-constructed one changes nothing.
struct counter_summary {
    double gained = 0;
    instant covered = 0;             ///< ms, a gap whose energy came later included
    instant dubious = 0;             ///< ms of `covered` that are uncertain
    quality worst = quality::good;   ///< of the known gains
    quality missing = quality::good; ///< why others are unknown
    method how = method::counter;
    double resolution = 0;
    bool read = false; ///< a number of this counter was ever read

    friend bool operator==(counter_summary const&, counter_summary const&) = default;
};

/// The gain of one quarter as a part of a period that began at `period_start`: the energy of a gap inside the period
/// belongs to it without doubt, that of a gap from before does not. What a counter that went on from another number
/// (meter_replaced) had counted is unknown, however short that was: the whole period is in doubt (inputs_missing).
counter_summary summary_of(counter_delta const& d, time_span part, instant period_start, bool read);

counter_summary merge(counter_summary const& a, counter_summary const& b);

/// The gain of a whole period of `length` ms. What is covered too little is unknown; `partial` tells what is known.
struct counter_gain {
    counter_delta delta;
    double partial = 0;
};
counter_gain finish(counter_summary const& s, instant length);

void save(byte_writer& w, counter_summary const& s);
void load(byte_reader& r, counter_summary& s);

} // namespace kilnwatt::energy
