#pragma once

#include "agent/energy/energy_stage.hpp"
#include "agent/pipeline/revision_book.hpp"
#include "core/record.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace kilnwatt::pipeline {

/// Makes windows again whose data came late, so that each touched one, from the minute to the year and its figures, is
/// told once more with its revision + 1.
///
/// While a counter's edges are missing, the energy stage as it was before the gap is kept (a checkpoint), and after a
/// meter changed the one from before for as long as somebody may tell of its exchange. Once the gap has ended or the
/// exchange is told, the journal shows the records since then again, to two stages: one that knows what was published,
/// and one that also knows the gap's energy. Where their rows differ there is a revision; the second stage then goes on
/// as the live one. Pure; one thread.
class hindsight {
public:
    static constexpr std::size_t checkpoints_max = 2; ///< each snapshot holds them
    /// From the end of a replay to the begin of the next, so that meters that come back one after the other share one.
    static constexpr energy::instant apart = 5 * energy::minute;
    /// More rows at a time would stall a commit: then the work rests. What an hour brings is never torn apart.
    static constexpr std::size_t rows_max = 5'000;

    explicit hindsight(energy::plant_model model) : model_{std::move(model)} {}

    /// Other bases of targets, as the live stage has them.
    void use(std::vector<energy::target_model> const& targets);

    /// The live stage has seen every record before `next`: takes over its late gains, keeps and drops checkpoints.
    void watch(energy::energy_stage& live);
    /// What watch() may keep as a checkpoint: a snapshot of the live stage, which has seen every record before `next`.
    void remember(std::string snapshot, energy::instant closed, position next);

    /// Where the records must be shown again from, up to `until`; nothing when nothing came late. The live stage was
    /// advanced to `now` last.
    std::optional<position> begin(position until, stamp now);

    bool at_work() const { return work_ != nullptr; }
    /// A record again, in order from begin() on. When records are gone that it needs the work is given up, and the
    /// windows stay as they are; take_given_up() tells.
    void fold(record const& r);
    /// The record that fold() must be shown next, once revised() was taken; nothing when it took all it was shown.
    std::optional<position> rests_at() const { return resting_ ? std::optional{work_->next} : std::nullopt; }
    bool take_given_up() { return std::exchange(given_up_, false); }
    /// Rows that differ from what was published, with their revision, since the last call.
    std::vector<row> revised();
    /// Every record was shown: the snapshot of the stage that goes on as the live one.
    std::string finish();

    void save(energy::byte_writer& w) const;
    void load(energy::byte_reader& r);

private:
    struct checkpoint {
        position next = 0; ///< the first record that it has not seen
        energy::instant closed = 0;
        std::string snapshot;
    };
    struct replay {
        explicit replay(energy::plant_model const& m) : before{m}, after{m} {}
        energy::energy_stage before; ///< makes what was published
        energy::energy_stage after;  ///< knows all
        std::size_t published = 0;   ///< how many of known_ the first one knows
        position next = 0;
        position until = 0;
        stamp now;
    };

    /// A meter that changed, and the first record that no checkpoint may have seen that is from before it.
    struct change_mark {
        energy::meter_change what;
        position before = 0;
    };

    checkpoint const* best_for(energy::instant since, position before = ~position{0}) const;
    checkpoint const* best_for(energy::late_reading const& l) const;
    void mark_changes(energy::energy_stage const& live);
    bool catch_up(stamp now);
    bool compare(stamp now);

    energy::plant_model model_;
    std::optional<checkpoint> latest_;
    std::vector<checkpoint> checkpoints_; ///< oldest first
    std::vector<change_mark> changes_;
    std::vector<energy::late_reading> known_; ///< in the order in which they became known
    std::vector<energy::late_reading> fresh_; ///< late gains that no window has yet
    revision_book revisions_;
    std::unique_ptr<replay> work_;
    std::vector<row> rows_;
    bool resting_ = false;
    bool given_up_ = false;
    energy::instant not_before_ = 0; ///< the next replay
};

} // namespace kilnwatt::pipeline
