#pragma once

#include "core/record.hpp"

#include <string>
#include <vector>

namespace kilnwatt::journal {

/// What a stage wants written in the next transaction, together or not at all.
struct stage_output {
    std::vector<row> rows;
    /// New snapshot; empty = none this time. It covers everything up to the last record of the batch just folded.
    std::string snapshot;
    /// Show the records from here on again, as if they had not been shown; 0 = no. Given with a snapshot.
    position again = 0;
};

/// A consumer of committed records that runs on the journal's thread and answers with derived rows. After a restart it
/// gets its last snapshot back and then every record since, so that its figures do not depend on restarts.
class stage {
public:
    virtual ~stage() = default;

    /// Before anything else, with the stored snapshot ("" = none). False when it cannot be used: replay from the start
    /// of what the journal still has.
    virtual bool restore(std::string const& snapshot) = 0;

    /// Records in order of position, of all streams; `now` is the time of the commit (also given when `committed` is
    /// empty, so that windows close while nothing arrives). `replaying`: the records were committed in an earlier run
    /// or the stage lags behind; `now` is then the time of the last record.
    virtual stage_output on_commit(batch const& committed, stamp now, bool replaying) = 0;

    /// Records that were committed while the stage still lags behind: on_commit() shows them again in their turn. For
    /// what must not wait; its rows go with the next answer of on_commit().
    virtual void glance(batch const& committed) { (void)committed; }
};

} // namespace kilnwatt::journal
