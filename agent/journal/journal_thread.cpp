#include "agent/journal/error.hpp"
#include "agent/journal/journal_impl.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace kilnwatt::journal {
namespace {

constexpr std::chrono::milliseconds stage_tick{1'000};  ///< longest plant time between two calls of the stage
constexpr std::chrono::milliseconds retry_delay{1'000}; ///< plant time to the next attempt when only output waits
constexpr std::chrono::seconds trim_period{10};         ///< plant time between looks at age and free disk
constexpr std::chrono::milliseconds inbox_tick{5'000};  ///< plant time between two looks into the inbox
constexpr std::size_t catch_up_max = 4'096;             ///< records a lagging stage is shown at a time

} // namespace

void journal::impl::run()
{
    for (auto closed = false; !closed;) {
        auto w = queue.take(wake());
        ++turns;
        closed = w.closed;
        if (look_into_inbox() || w.commit || clock.now().mono >= output_due)
            commit(w, false);
        if (w.read)
            serve(*w.read);
        if (!closed && trimming)
            trim();
        if (!closed && feeder)
            drive_stage();
    }
    commit_queue::work rest;
    commit(rest, true);
    for (auto w = queue.take(mono_time::min()); w.read; w = queue.take(mono_time::min()))
        serve(*w.read);
}

mono_time journal::impl::wake() const
{
    if (trimming)
        return mono_time::min();
    if (!feeder)
        return inbox_due;
    if (feeder->has_output() && (failing || feeder->lags(file->head())))
        return std::min(output_due, inbox_due); // the stage sees no more before its answer is written
    return std::min({output_due, stage_due, inbox_due});
}

/// Reads what other processes left there; true when there is something to commit.
bool journal::impl::look_into_inbox()
{
    auto const now = clock.now();
    if (now.mono < inbox_due)
        return false;
    inbox_due = now.mono + inbox_tick;
    inbox = file->inbox(inbox_last);
    for (auto& r : inbox)
        r.time = now;
    return inbox_last > 0;
}

void journal::impl::commit(commit_queue::work& w, bool last)
{
    auto const now = clock.now();
    auto rows = std::move(w.rows);
    rows.insert(rows.end(), inbox.begin(), inbox.end());
    inbox.clear();
    auto const appended = rows.size();
    auto const with_output = feeder && feeder->has_output();
    if (with_output)
        rows.insert(rows.end(), feeder->rows().begin(), feeder->rows().end());
    auto const made_events = std::count_if(rows.begin() + static_cast<std::ptrdiff_t>(appended), rows.end(),
                                           [](row const& r) { return r.layout->kind == stream::event; });
    auto records = std::make_shared<batch>(file->assemble(std::move(rows)));

    auto const unstored = ledger.take_unstored();
    auto const snapshot = with_output ? saved_snapshot{feeder->snapshot(), feeder->covers()} : saved_snapshot{};
    commit_extras const extras{with_output ? &snapshot : nullptr, &w.cursors, &unstored, std::exchange(inbox_last, 0),
                               last};
    if (records->empty() && !with_output && w.cursors.empty() && unstored.empty() && !last && extras.inbox_until == 0)
        return;
    auto written = file->write(*records, extras, now);
    if (written.has_error() && written.error() == errc::disk_full && make_room(now))
        written = file->write(*records, extras, now);
    if (written.has_error()) {
        ledger.give_back(unstored);
        failed(*records, static_cast<std::size_t>(made_events), w, written.error(), now);
        return;
    }
    if (with_output)
        feeder->written();
    output_due = mono_time::max();
    committed(records, w, now);
}

void journal::impl::committed(batch_ptr const& records, commit_queue::work& w, stamp now)
{
    if (failing) {
        failing = false;
        tell(fmt::format("the journal {} can be written again", o.path));
    }
    for (auto const& [sink, c] : w.cursors)
        unconfirmed[sink] = c.unconfirmed;
    ledger.stored(*records);
    head = file->head();
    oldest = file->oldest();
    trusts_clock = file->trusts_clock();
    if (!records->empty())
        for (auto const& handler : on_commit)
            handler(records);
    if (feeder && !records->empty() && feeder->fed() == records->front().pos) {
        feeder->feed(*records, file->head(), now, false);
        stage_due = now.mono + stage_tick;
        output_due_by(now.mono + o.commit);
    } else if (feeder && !records->empty()) {
        feeder->glance(*records);
    }
    if (segments_seen != file->segments_started() || now.mono >= trim_due) {
        segments_seen = file->segments_started();
        trim_due = now.mono + trim_period;
        trimming = true;
        file->hold_reserve();
    }
}

/// What the stage made (`made_events` of it events) goes with its next output, what the inbox holds stays there.
void journal::impl::failed(batch const& lost, std::size_t made_events, commit_queue::work& w,
                           boost::system::error_code ec, stamp now)
{
    ledger.unstored(lost, made_events);
    queue.give_back(std::move(w.cursors));
    if (feeder)
        output_due_by(now.mono + std::max(o.commit, retry_delay));
    if (!failing) {
        failing = true;
        tell(fmt::format("the journal {} cannot be written: {}; readings are not stored until it can", o.path,
                         ec.message()));
    }
    auto readings = std::make_shared<batch>();
    for (auto const& r : lost)
        if (r.kind() == stream::readings)
            readings->push_back(r);
    if (!readings->empty())
        for (auto const& handler : on_unstored)
            handler(readings);
}

/// One step; the next one waits until commits and reads that are due are served.
void journal::impl::trim()
{
    std::vector<dropped_range> ranges;
    auto const more = file->trim_step(lowest_unconfirmed(), clock.now(), ranges);
    trimming = more.has_value() && *more;
    announce(ranges);
}

bool journal::impl::make_room(stamp now)
{
    std::vector<dropped_range> ranges;
    auto const given = file->make_room(lowest_unconfirmed(), now, ranges);
    announce(ranges);
    return given;
}

void journal::impl::announce(std::vector<dropped_range> const& ranges)
{
    oldest = file->oldest();
    ledger.dropped(ranges);
    if (!ranges.empty())
        for (auto const& handler : on_dropped)
            handler(ranges);
}

position journal::impl::lowest_unconfirmed() const
{
    auto lowest = no_position;
    for (auto const& [sink, p] : unconfirmed)
        lowest = std::min(lowest, p);
    return lowest;
}

void journal::impl::serve(read_request const& r)
{
    auto next = r.range.first;
    std::vector<position_range> damaged;
    auto records = file->read(r.range, r.max, next, damaged);
    for (auto const& d : damaged)
        tell(fmt::format("records {} to {} of the journal {} are damaged and were passed over", d.first, d.last - 1,
                         o.path));
    if (records.has_error() && !read_failing)
        tell(fmt::format("the journal {} cannot be read: {}", o.path, records.error().message()));
    read_failing = records.has_error();
    r.done(std::make_shared<batch>(records.has_value() ? std::move(*records) : batch{}), next);
}

void journal::impl::drive_stage()
{
    auto const now = clock.now();
    if (feeder->lags(file->head())) {
        if (!feeder->has_output())
            catch_up();
        return;
    }
    if (now.mono < stage_due || (failing && feeder->has_output()))
        return;
    feeder->feed({}, feeder->fed(), now, false);
    stage_due = now.mono + stage_tick;
    output_due_by(now.mono + o.commit);
}

/// Shows the stage the next stored records; its answer is written before it sees more.
void journal::impl::catch_up()
{
    auto const now = clock.now();
    auto next = feeder->fed();
    std::vector<position_range> damaged;
    auto const records = file->read({next, file->head()}, catch_up_max, next, damaged);
    if (records.has_error()) {
        stage_due = now.mono + retry_delay;
        return;
    }
    feeder->feed(*records, next, records->empty() ? now : records->back().data.time, true);
    stage_due = feeder->lags(file->head()) ? now.mono : now.mono + stage_tick;
    output_due_by(now.mono);
}

void journal::impl::tell(std::string const& sentence) const
{
    for (auto const& handler : on_failure)
        handler(sentence);
}

} // namespace kilnwatt::journal
