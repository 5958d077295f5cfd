#pragma once

#include "agent/energy/late_gain.hpp"
#include "agent/energy/plant_model.hpp"
#include "core/row.hpp"

#include <memory>
#include <string>
#include <vector>

namespace kilnwatt::energy {

/// Readings in, windows and KPIs out. Pure: no clock, no I/O; what time it is comes as an argument, so a month of a
/// plant runs in seconds and a restart changes no figure.
///
/// One-minute windows per device from readings; 15-minute windows merged from them; hours, days, months and years of
/// the plant's calendar merged from those; KPIs of the plant for all. Rows come out as core/aggregate_columns.hpp says,
/// in the stream of their length.
///
/// What a window says depends on the readings stamped before it closes and on nothing else: not on how often advance()
/// is called, nor on restarts. A reading closes by its own time what is due before it counts; its rows wait for
/// advance(). A reading of time that is closed already changes no window, and its energy goes to the next one; what a
/// counter gained in a gap is told by take_late(), and a stage that is shown the same readings after foresee() makes
/// the windows inside the gap with it. When the wall clock goes back, nothing closes until it has caught up. States,
/// texts and vendor points are not aggregated.
class energy_stage {
public:
    explicit energy_stage(plant_model model);
    ~energy_stage();

    /// One row of stream readings, or a meter exchange of stream entry; others are ignored. `boot` is the run of the
    /// agent that it was read in: monotonic times of two runs do not compare.
    void fold(row const& reading, std::uint32_t boot = 0);

    /// Closes every window whose end lies close_delay before `now` and returns its rows, oldest first.
    /// Windows with nothing at all to say are left out. Above 100,000 waiting rows the oldest are lost, and an event
    /// `figures_lost` says how many.
    std::vector<row> advance(stamp now);

    /// Other bases of targets, for the windows that close from now on. No part of snapshot().
    void use(std::vector<target_model> targets);

    /// Gains of counters that came too late for windows that are closed, since the last call.
    std::vector<late_reading> take_late();

    /// What counters are known to gain over gaps to come, in any order; of two for one gap the later one holds. Given
    /// after restore(), and no part of snapshot().
    void foresee(std::vector<late_reading> const& known);

    /// Every window that ends up to here is closed, ms since 1970; -1 = nothing began yet.
    instant closed() const;
    /// Since when windows of some counter lack what may come yet, one a counter.
    std::vector<instant> gaps() const;
    /// Meters that changed within gap_total_max: of their exchange somebody may tell yet.
    std::vector<meter_change> changes() const;

    /// Everything that is open (counters, windows, edges) as versioned text or bytes; restore(snapshot()) goes on as if
    /// nothing had happened. restore returns false for what it cannot read and is then empty.
    std::string snapshot() const;
    bool restore(std::string const& bytes);

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace kilnwatt::energy
