#pragma once

#include "agent/energy/alarm_board.hpp"
#include "agent/energy/energy_stage.hpp"
#include "agent/journal/stage.hpp"
#include "agent/pipeline/clock_watch.hpp"
#include "agent/pipeline/hindsight.hpp"
#include "agent/pipeline/time_gate.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace kilnwatt::pipeline {

/// Drives the pure energy stage and the alarms from what the journal commits: readings in; windows, figures, events and
/// a snapshot out. Runs on the journal's thread.
///
/// A window closes by the time of the readings themselves, however late they are committed. Only when a commit brings
/// none does the clock close it, commit_grace later, so that a reading that is under way is not late. A restart
/// therefore changes no figure. Windows whose data came late are made again: see hindsight. While the clock is not to
/// be trusted no window closes: see time_gate; alarms on readings go on.
class energy_pipeline final : public journal::stage {
public:
    static constexpr milliseconds commit_grace{2'000};
    static constexpr milliseconds snapshot_period{60'000}; ///< at the latest, when readings came but no window closed

    explicit energy_pipeline(energy::plant_model model, std::vector<energy::alarm_rule> alarms = {})
        : stage_{model}, hindsight_{std::move(model)}, alarms_{std::move(alarms)}
    {}

    /// Asked on the journal's thread with what people entered: the plant's targets where their bases are made of it, or
    /// nothing when none is another than before.
    using target_source =
        std::function<std::optional<std::vector<energy::target_model>>(std::vector<row> const& entries)>;
    void take_targets_from(target_source s) { targets_ = std::move(s); }

    bool restore(std::string const& snapshot) override;
    journal::stage_output on_commit(batch const& committed, stamp now, bool replaying) override;
    void glance(batch const& committed) override;

private:
    std::string snapshot();

    void look_back(batch const& committed, bool replaying, journal::stage_output& out);
    std::optional<stamp> due_by_clock(batch const& committed, stamp now, bool replaying);
    void watch(record const& r, std::vector<row>& events);
    void rebase(std::vector<row> const& entries);
    bool may_fold(record const& r, std::vector<row>& events, journal::stage_output& out);

    energy::energy_stage stage_;
    hindsight hindsight_;
    clock_watch clock_;
    time_gate gate_;
    clock_watch ticks_; ///< of the commits of this run
    /// The clock was set far: until then only a reading can tell that it is right.
    std::optional<mono_time> settles_at_;
    energy::alarm_board alarms_;
    target_source targets_;
    utc_time snapshot_at_{}; ///< of the last one; the epoch = none yet
    bool changed_ = false;   ///< since the last snapshot
    position next_ = 0;      ///< every record before was folded; 0 = unknown
    position seen_ = 0;      ///< every record before was shown to the alarms
    std::vector<row> events_; ///< of glance()
};

} // namespace kilnwatt::pipeline
