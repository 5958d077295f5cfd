#include "agent/pipeline/energy_pipeline.hpp"

#include "core/aggregate_columns.hpp"
#include "core/event_row.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <iterator>

namespace kilnwatt::pipeline {
namespace {

constexpr std::uint64_t snapshot_magic = 0x4B57'5032; ///< "KWP2": the stage's snapshot, the alarms', hindsight's
constexpr std::uint64_t before_hindsight = 0x4B57'5031;

row clock_event(std::int64_t step_ms, stamp at)
{
    return event_row("clock_stepped", std::string{aggregate::site}, event_severity::warning,
                     fmt::format("the clock was set {} by {:.1f} s", step_ms > 0 ? "forward" : "back",
                                 static_cast<double>(std::abs(step_ms)) / 1000),
                     at);
}

} // namespace

bool energy_pipeline::restore(std::string const& snapshot)
{
    next_ = 0;
    if (snapshot.empty())
        return true;
    energy::byte_reader r{snapshot};
    auto const magic = r.number();
    if (magic != snapshot_magic && magic != before_hindsight)
        return stage_.restore(snapshot); // from before there were alarms
    auto const figures = r.text();
    auto const alarms = r.text();
    if (!r.ok() || !stage_.restore(figures))
        return false;
    (void)alarms_.restore(alarms); // alarms that cannot be read begin anew: no reason to count all readings again
    if (magic == before_hindsight)
        return true;
    next_ = r.number();
    hindsight_.load(r);
    if (next_ != 0)
        hindsight_.remember(figures, stage_.closed(), next_);
    return r.ok() && r.at_end();
}

std::string energy_pipeline::snapshot()
{
    auto figures = stage_.snapshot();
    energy::byte_writer w;
    w.number(snapshot_magic);
    w.text(figures);
    w.text(alarms_.snapshot());
    w.number(next_);
    hindsight_.save(w);
    if (next_ != 0 && !hindsight_.at_work())
        hindsight_.remember(std::move(figures), stage_.closed(), next_);
    return w.take();
}

/// Shows records that were folded before to the hindsight. When it has seen all, its stage goes on as the live one.
void energy_pipeline::look_back(batch const& committed, bool replaying, journal::stage_output& out)
{
    auto caught_up = committed.empty() && !replaying;
    for (auto const& r : committed) {
        if (r.pos < next_)
            hindsight_.fold(r);
        caught_up = r.pos + 1 >= next_;
    }
    if (auto const at = hindsight_.rests_at()) {
        caught_up = false;
        out.again = *at;
    }
    if (caught_up && hindsight_.at_work()) {
        auto const figures = hindsight_.finish();
        (void)stage_.restore(figures);
    }
    out.rows = hindsight_.revised();
}

journal::stage_output energy_pipeline::on_commit(batch const& committed, stamp now, bool replaying)
{
    journal::stage_output out;
    if (hindsight_.at_work()) {
        look_back(committed, replaying, out);
        if (hindsight_.at_work()) {
            if (!out.rows.empty())
                out.snapshot = snapshot();
            return out;
        }
        changed_ = true;
    }
    auto until = stamp{now.mono - commit_grace, now.utc - commit_grace};
    if (replaying)
        until = now;
    std::vector<row> events;
    alarms_.end_orphans(now, events);
    for (auto const& r : committed) {
        if (r.pos < next_)
            continue;
        next_ = r.pos + 1;
        if (r.kind() == stream::entry) {
            stage_.fold(r.data);
            changed_ = true;
        }
        if (r.kind() != stream::readings)
            continue;
        if (auto const step = clock_.step(r.boot, r.data.time))
            events.push_back(clock_event(*step, r.data.time));
        stage_.fold(r.data);
        alarms_.fold(r.data, events);
        until = r.data.time;
        changed_ = true;
    }
    auto rows = stage_.advance(until);
    hindsight_.watch(stage_);
    auto const again = rows.empty() ? std::nullopt : hindsight_.begin(next_, until);
    for (auto const& r : rows)
        if (is_kpi(r.layout->kind))
            alarms_.fold(r, events);
    for (auto* more : {&rows, &events})
        std::move(more->begin(), more->end(), std::back_inserter(out.rows));
    auto const apart = now.utc > snapshot_at_ ? now.utc - snapshot_at_ : snapshot_at_ - now.utc;
    if (out.rows.empty() && !(changed_ && apart >= snapshot_period))
        return out;
    out.again = again.value_or(0);
    out.snapshot = snapshot();
    snapshot_at_ = now.utc;
    changed_ = false;
    return out;
}

} // namespace kilnwatt::pipeline
