#include "agent/energy/energy_stage_state.hpp"

#include <algorithm>

namespace kilnwatt::energy {
namespace {

/// The same clock reading, moved to `t` on both clocks.
stamp moved_to(stamp s, instant t)
{
    auto const by = milliseconds{t - ms_of(s)};
    return {s.mono + by, s.utc + by};
}

/// How long a minute's energy is known for, ms; 0 where some of it is missing or belongs to another time.
instant known_part(quantity const& q)
{
    auto const partly = q.covered.size() == 1 && q.since.empty() && q.least_covered() <= minute;
    return q.whole || partly ? q.least_covered() : 0;
}

/// Figures that lean on what does not fit are kept in doubt.
void doubt(row& figures, std::vector<std::string> const& names)
{
    for (auto const& name : names)
        if (auto const c = column_named(*figures.layout, name); c && figures.cells[*c].q == quality::good)
            figures.cells[*c].q = quality::engineering_range;
}

} // namespace

void energy_stage::state::close_until(stamp now)
{
    auto& closed = shared.closed;
    auto const limit = ms_of(now) < delay ? 0 : floor_to(std::min(ms_of(now), instant_max) - delay, minute);
    if (closed == unset) {
        closed = limit;
        return;
    }
    while (closed < limit) {
        auto const end = closed + minute;
        close_minute(end, now);
        closed = end;
        if (end % quarter != 0)
            continue;
        close_quarter(end, now);
        if (end > newest + hold_max && end > foreseen_until)
            closed = std::max(closed, floor_to(limit, quarter)); // nothing was read for a while: nothing to say
        close_periods(now);
    }
}

void energy_stage::state::close_minute(instant end, stamp now)
{
    auto something = false;
    auto const at = moved_to(now, end);
    std::vector<device_window const*> windows;
    for (auto& d : devices) {
        d.track.close_minute(end);
        windows.push_back(&d.track.last_minute());
        if (!windows.back()->says_something())
            continue;
        something = true;
        emit(d.minutes.make(*windows.back(), at));
    }
    if (!something) {
        demand.clear();
        return;
    }
    plant_view const view{&model, windows, floor_to(end - minute, quarter), throttle_free.value()};
    auto found = plant_figures(view);
    for (auto const& name : formulas.points())
        add_point(found, view, name);
    add_demand(found, view, end);
    append(sums, found);
    emit(minute_figures.make(found, {end - minute, end}, at));
    for (auto const& f : batches.look(view))
        emit(event_row(f, at));
}

void energy_stage::state::add_demand(figures& f, plant_view const& v, instant end)
{
    auto const imported = flows(v).imported;
    if (!imported.exists())
        return;
    demand.next(imported.value, known_part(imported), end);
    auto now = missing(quality::no_data);
    if (auto const kw = demand.value()) {
        now = imported;
        now.value = *kw;
        now.covered = {minute};
        now.since.clear();
    }
    f.push_back(mean("grid.demand", "kW", now));
    auto whole = now;
    if (!demand.is_new())
        whole = quantity{.covered = {0}, .whole = false};
    else if (demand.value() && demand.window() == demand_window::block)
        whole.covered = {quarter};
    add_largest_demand(f, model, whole, end);
}

void energy_stage::state::close_quarter(instant end, stamp now)
{
    auto const at = moved_to(now, end);
    time_span const when{end - quarter, end};
    std::vector<row> rows;
    for (auto& d : devices) {
        d.track.close_quarter(end);
        auto const& w = d.track.last_quarter();
        if (!w.says_something())
            continue;
        rows.push_back(d.quarters.make(w, at));
        emit(rows.back());
        d.periods.add(w, when, model.local_time);
    }
    if (!sums.empty()) {
        emit(quarter_figures.make(sums, when, at));
        figure_periods.add(sums, when, model.local_time);
        bill.add(sums, when, model.local_time);
    }
    sums.clear();
    for (auto const& f : quarter_checks.look(model, rows))
        emit(event_row(f, at));
}

void energy_stage::state::close_periods(stamp now)
{
    auto const stamp_of = [&](instant end) { return moved_to(now, end); };
    std::vector<row> rows;
    std::optional<std::size_t> figures_at; ///< in pending
    auto const keep = [&](row r) {
        auto const of_figures = r.layout->kind == stream::kpi_1h;
        if (r.layout->kind == stream::window_1h || of_figures)
            rows.push_back(r);
        if (r.layout->kind == stream::kpi_day)
            throttle_free.saw_day(r);
        auto const mismatch = r.layout->kind == stream::window_day ? day_counter_mismatch(model, r) : std::nullopt;
        auto const at = r.time;
        emit(std::move(r));
        if (mismatch)
            emit(event_row(*mismatch, at));
        if (of_figures)
            figures_at = pending.size() - 1;
    };
    for (auto& d : devices)
        d.periods.close(shared.closed, stamp_of, keep);
    figure_periods.close(shared.closed, stamp_of, keep, [&](period p, figures& whole, time_span when) {
        if (p == period::month)
            bill.settle(whole, when);
    });
    if (rows.empty())
        return;
    auto const found = hour_checks.look(model, rows);
    if (figures_at && *figures_at < pending.size() && pending[*figures_at].layout->kind == stream::kpi_1h)
        doubt(pending[*figures_at], hour_checks.doubted());
    for (auto const& f : found)
        emit(event_row(f, rows.front().time));
}

} // namespace kilnwatt::energy
