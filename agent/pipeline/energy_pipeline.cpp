#include "agent/pipeline/energy_pipeline.hpp"

namespace kilnwatt::pipeline {

bool energy_pipeline::restore(std::string const& snapshot)
{
    return snapshot.empty() || stage_.restore(snapshot);
}

journal::stage_output energy_pipeline::on_commit(batch const& committed, stamp now, bool replaying)
{
    auto until = stamp{now.mono - commit_grace, now.utc - commit_grace};
    if (replaying)
        until = now;
    for (auto const& r : committed) {
        if (r.kind() != stream::readings)
            continue;
        stage_.fold(r.data);
        until = r.data.time;
        changed_ = true;
    }
    journal::stage_output out;
    out.rows = stage_.advance(until);
    auto const apart = now.utc > snapshot_at_ ? now.utc - snapshot_at_ : snapshot_at_ - now.utc;
    if (out.rows.empty() && !(changed_ && apart >= snapshot_period))
        return out;
    out.snapshot = stage_.snapshot();
    snapshot_at_ = now.utc;
    changed_ = false;
    return out;
}

} // namespace kilnwatt::pipeline
