#include "agent/pipeline/energy_pipeline.hpp"

#include "agent/journal/clock_map.hpp"
#include "core/aggregate_columns.hpp"
#include "core/event_row.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <iterator>
#include <utility>

namespace kilnwatt::pipeline {
namespace {

constexpr std::uint64_t snapshot_magic = 0x4B57'5034; ///< "KWP4": of the stage, the alarms, hindsight and time

row clock_event(std::int64_t step_ms, stamp at)
{
    return event_row("clock_stepped", std::string{aggregate::site}, event_severity::warning,
                     fmt::format("the clock was set {} by {:.1f} s", step_ms > 0 ? "forward" : "back",
                                 static_cast<double>(std::abs(step_ms)) / 1000),
                     at);
}

/// The time gate takes another way than fold.
row gate_event(time_gate::way what, stamp at)
{
    auto const say = [&](char const* kind, event_severity severity, std::string text) {
        return event_row(kind, std::string{aggregate::site}, severity, std::move(text), at);
    };
    if (what == time_gate::way::hold)
        return say("clock_untrusted", event_severity::warning,
                   fmt::format("the clock shows {:%Y-%m-%d %H:%M:%S} UTC, which may be wrong: windows and figures wait "
                               "until the time is known",
                               fmt::gmtime(std::chrono::system_clock::to_time_t(at.utc))));
    if (what == time_gate::way::look_back)
        return say("clock_trusted", event_severity::info,
                   "the time is known again: the windows and figures that waited are made now");
    return say("time_unknown", event_severity::warning,
               "readings are in no window that were taken before the machine was switched off while its clock was "
               "wrong: nobody knows when that was");
}

} // namespace

bool energy_pipeline::restore(std::string const& snapshot)
{
    next_ = 0;
    seen_ = 0;
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
    next_ = r.number();
    hindsight_.load(r);
    seen_ = r.number();
    clock_.load(r);
    gate_.load(r);
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
    w.number(seen_);
    clock_.save(w);
    gate_.save(w);
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

/// Up to when windows close without a reading that says so; nothing while the clock may be wrong.
std::optional<stamp> energy_pipeline::due_by_clock(batch const& committed, stamp now, bool replaying)
{
    if (replaying)
        return committed.empty() || committed.back().trusted ? std::optional{now} : std::nullopt;
    auto const step = ticks_.step(0, now);
    if (step && std::abs(*step) > journal::far_step_ms)
        settles_at_ = now.mono + journal::settle_time;
    if (settles_at_ && now.mono >= *settles_at_)
        settles_at_.reset();
    if (settles_at_ || now.utc < journal::trusted_since)
        return std::nullopt;
    return stamp{now.mono - commit_grace, now.utc - commit_grace};
}

/// What is told of a reading once, and at once: also while its windows wait.
void energy_pipeline::watch(record const& r, std::vector<row>& events)
{
    if (r.pos < seen_)
        return;
    seen_ = r.pos + 1;
    if (r.kind() != stream::readings)
        return;
    if (auto const step = clock_.step(r.boot, r.data.time))
        events.push_back(clock_event(*step, r.data.time));
    alarms_.fold(r.data, events);
    changed_ = true;
}

/// False when the record must wait or is left out. When `out` asks for records again, none is folded before those.
bool energy_pipeline::may_fold(record const& r, std::vector<row>& events, journal::stage_output& out)
{
    using way = time_gate::way;
    auto const decided = r.kind() == stream::readings ? gate_.on_reading(r) : time_gate::decision{};
    if (decided.news && decided.what != way::fold)
        events.push_back(gate_event(decided.what, r.data.time));
    if (decided.what == way::look_back) {
        out.again = next_;
        return false;
    }
    if (gate_.holding()) {
        if (decided.news)
            next_ = r.pos;
        return false;
    }
    next_ = r.pos + 1;
    return decided.what == way::fold;
}

void energy_pipeline::rebase(std::vector<row> const& entries)
{
    if (entries.empty() || !targets_)
        return;
    if (auto const targets = targets_(entries)) {
        stage_.use(*targets);
        hindsight_.use(*targets);
    }
}

/// While windows are made again alarms on readings go on, if they know all that came before.
void energy_pipeline::glance(batch const& committed)
{
    for (auto const& r : committed)
        if (r.pos == seen_)
            watch(r, events_);
}

journal::stage_output energy_pipeline::on_commit(batch const& committed, stamp now, bool replaying)
{
    journal::stage_output out;
    if (hindsight_.at_work()) {
        look_back(committed, replaying, out);
        if (hindsight_.at_work()) {
            std::move(events_.begin(), events_.end(), std::back_inserter(out.rows));
            events_.clear();
            if (!out.rows.empty())
                out.snapshot = snapshot();
            return out;
        }
        changed_ = true;
    }
    auto events = std::exchange(events_, {});
    alarms_.end_orphans(now, events);
    auto until = due_by_clock(committed, now, replaying);
    auto folded = false;
    std::vector<row> entries;
    for (auto const& r : committed) {
        watch(r, events);
        if (r.pos < next_ || out.again != 0 || !may_fold(r, events, out))
            continue;
        if (r.kind() != stream::readings && r.kind() != stream::entry)
            continue;
        stage_.fold(r.data, r.boot);
        changed_ = true;
        if (r.kind() == stream::entry)
            entries.push_back(r.data);
        if (r.kind() != stream::readings)
            continue;
        folded = true;
        until = r.data.time;
    }
    if (folded && !replaying)
        settles_at_.reset();
    rebase(entries);
    auto const waits = gate_.holding() || out.again != 0;
    std::vector<row> rows;
    if (until && (folded || !waits))
        rows = stage_.advance(*until);
    hindsight_.watch(stage_);
    if (!rows.empty() && !waits)
        out.again = hindsight_.begin(next_, *until).value_or(0);
    for (auto const& r : rows)
        if (is_kpi(r.layout->kind))
            alarms_.fold(r, events);
    if (hindsight_.take_given_up())
        events.push_back(event_row("revision_given_up", std::string{aggregate::site}, event_severity::warning,
                                   "windows inside a gap stay as they are: the journal no longer has the readings to "
                                   "make them again",
                                   now));
    for (auto* more : {&rows, &events})
        std::move(more->begin(), more->end(), std::back_inserter(out.rows));
    auto const apart = now.utc > snapshot_at_ ? now.utc - snapshot_at_ : snapshot_at_ - now.utc;
    if (out.rows.empty() && !(changed_ && apart >= snapshot_period))
        return out;
    out.snapshot = snapshot();
    snapshot_at_ = now.utc;
    changed_ = false;
    return out;
}

} // namespace kilnwatt::pipeline
