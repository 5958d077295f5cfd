#include "agent/pipeline/energy_pipeline.hpp"

#include <iterator>

namespace kilnwatt::pipeline {
namespace {

constexpr std::uint64_t snapshot_magic = 0x4B57'5031; ///< "KWP1": the stage's snapshot and the alarms'

} // namespace

bool energy_pipeline::restore(std::string const& snapshot)
{
    if (snapshot.empty())
        return true;
    energy::byte_reader r{snapshot};
    if (r.number() != snapshot_magic)
        return stage_.restore(snapshot); // from before there were alarms
    auto const figures = r.text();
    auto const alarms = r.text();
    if (!r.ok() || !stage_.restore(figures))
        return false;
    (void)alarms_.restore(alarms); // alarms that cannot be read begin anew: no reason to count all readings again
    return true;
}

std::string energy_pipeline::snapshot() const
{
    energy::byte_writer w;
    w.number(snapshot_magic);
    w.text(stage_.snapshot());
    w.text(alarms_.snapshot());
    return w.take();
}

journal::stage_output energy_pipeline::on_commit(batch const& committed, stamp now, bool replaying)
{
    auto until = stamp{now.mono - commit_grace, now.utc - commit_grace};
    if (replaying)
        until = now;
    std::vector<row> events;
    alarms_.end_orphans(now, events);
    for (auto const& r : committed) {
        if (r.kind() != stream::readings)
            continue;
        stage_.fold(r.data);
        alarms_.fold(r.data, events);
        until = r.data.time;
        changed_ = true;
    }
    journal::stage_output out;
    out.rows = stage_.advance(until);
    for (auto const& r : out.rows)
        if (is_kpi(r.layout->kind))
            alarms_.fold(r, events);
    std::move(events.begin(), events.end(), std::back_inserter(out.rows));
    auto const apart = now.utc > snapshot_at_ ? now.utc - snapshot_at_ : snapshot_at_ - now.utc;
    if (out.rows.empty() && !(changed_ && apart >= snapshot_period))
        return out;
    out.snapshot = snapshot();
    snapshot_at_ = now.utc;
    changed_ = false;
    return out;
}

} // namespace kilnwatt::pipeline
