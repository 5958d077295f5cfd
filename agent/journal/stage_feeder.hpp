#pragma once

#include "agent/journal/stage.hpp"

#include <memory>
#include <string>
#include <vector>

namespace kilnwatt::journal {

/// Keeps the stage and the file in step: what the stage has seen, and what it wants written.
///
/// Rows leave only together with a snapshot that covers the records they were made of; otherwise a restart would make
/// them a second time. Readings are not a stage's to make: such rows are left out. Pure; one thread.
class stage_feeder {
public:
    /// Hands the stage its snapshot; `oldest` is where it starts when that cannot be used.
    stage_feeder(std::shared_ptr<stage> s, std::string const& snapshot, position covers, position oldest);

    position fed() const { return fed_; } ///< every record before was shown to the stage
    bool lags(position head) const { return fed_ < head; }

    /// Records in order, from fed() on; `next` is the position after them (also of those that could not be read).
    void feed(batch const& records, position next, stamp now, bool replaying);

    /// Records beyond those that were fed.
    void glance(batch const& records) { stage_->glance(records); }

    bool has_output() const { return covers_ != 0; }
    std::vector<row> const& rows() const { return rows_; }
    std::string const& snapshot() const { return snapshot_; }
    position covers() const { return covers_; }
    void written(); ///< the output was committed

private:
    std::shared_ptr<stage> stage_;
    position fed_;
    std::vector<row> rows_; ///< covered by snapshot_
    std::string snapshot_;
    position covers_ = 0;      ///< 0: no snapshot to write
    std::vector<row> waiting_; ///< rows without a snapshot yet
};

} // namespace kilnwatt::journal
