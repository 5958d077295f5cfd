#include "agent/energy/energy_stage.hpp"

#include "agent/energy/aggregate_row.hpp"
#include "agent/energy/byte_stream.hpp"
#include "agent/energy/demand.hpp"
#include "agent/energy/device_track.hpp"
#include "agent/energy/hour_watch.hpp"
#include "agent/energy/plant_figures.hpp"
#include "agent/energy/quarter_watch.hpp"
#include "agent/energy/reference_ratio.hpp"
#include "agent/energy/roll_up.hpp"
#include "agent/energy/row_bytes.hpp"
#include "agent/energy/user_kpi.hpp"
#include "core/aggregate_columns.hpp"
#include "core/meter_exchange.hpp"

#include <algorithm>
#include <unordered_map>

namespace kilnwatt::energy {
namespace {

constexpr std::uint64_t snapshot_magic = 0x4B57'4536; ///< "KWE6": version 6
constexpr std::size_t plans_max = 1'024;              ///< layouts remembered; above, all are resolved again
constexpr std::size_t pending_max = 100'000;          ///< rows that nobody fetched; above, the oldest tenth goes
constexpr instant delay_max = 10 * minute;
constexpr instant unset = -1;

instant ms_of(stamp s)
{
    return s.utc.time_since_epoch().count();
}

/// The same clock reading, moved to `t` on both clocks.
stamp moved_to(stamp s, instant t)
{
    auto const by = milliseconds{t - ms_of(s)};
    return {s.mono + by, s.utc + by};
}

/// Figures that lean on what does not fit are kept in doubt.
void doubt(row& figures, std::vector<std::string> const& names)
{
    for (auto const& name : names)
        if (auto const c = column_named(*figures.layout, name); c && figures.cells[*c].q == quality::good)
            figures.cells[*c].q = quality::engineering_range;
}

} // namespace

struct energy_stage::state {
    struct device {
        device(device_model const& m, track_limits const& l)
            : track{m, l}, minutes{m.name, stream::window_1m}, quarters{m.name, stream::window_15m}, periods{m.name}
        {}

        device_track track;
        aggregate_rows minutes;
        aggregate_rows quarters;
        roll_up<device_sums> periods;
    };

    struct known_layout {
        layout_ptr keep; ///< so that its address stays its own
        device* to = nullptr;
        point_plan plan;
    };

    explicit state(plant_model m);

    void reset();
    known_layout const& resolve(layout_ptr const& l);
    void fold(row const& r);
    void exchange(row const& r);
    void tell_incidents(row const& r);
    void close_until(stamp now);
    void close_minute(instant end, stamp now);
    void add_demand(figures& f, plant_view const& v);
    void close_quarter(instant end, stamp now);
    void close_periods(stamp now);
    void emit(row r);
    std::string save() const;
    bool load(std::string const& bytes);
    void load_devices(byte_reader& r);

    plant_model model;
    instant delay;
    user_kpis formulas;
    std::vector<device> devices;
    aggregate_rows minute_figures{std::string{aggregate::site}, stream::kpi_1m};
    aggregate_rows quarter_figures{std::string{aggregate::site}, stream::kpi_15m};
    roll_up<figures> figure_periods{std::string{aggregate::site}};
    sliding_demand demand; ///< of what the grid gives
    std::unordered_map<layout const*, known_layout> layouts;
    fold_state shared;
    instant newest = unset;         ///< latest reading
    instant foreseen_until = unset; ///< a counter's gain up to here is known
    figures sums;                   ///< of the quarter that is open
    quarter_watch quarter_checks;
    hour_watch hour_checks;
    reference_ratio throttle_free;
    std::vector<row> pending;
    std::size_t lost = 0; ///< rows that pending had no room for, not told yet
};

energy_stage::state::state(plant_model m)
    : model{std::move(m)}, delay{std::clamp<instant>(model.close_delay_ms, 0, delay_max)}, formulas{model}
{
    minute_figures.use(formulas);
    quarter_figures.use(formulas);
    reset();
}

void energy_stage::state::reset()
{
    devices.clear();
    layouts.clear();
    sums.clear();
    demand = {};
    quarter_checks = {};
    hour_checks = {};
    throttle_free = {};
    figure_periods = roll_up<figures>{std::string{aggregate::site}};
    figure_periods.use(formulas);
    pending.clear();
    shared = {};
    newest = unset;
    foreseen_until = unset;
    devices.reserve(model.devices.size());
    track_limits limits{open_windows(delay), delay, model.gap_total_max_ms, nullptr, supply_of(model)};
    for (std::size_t i = 0; i < model.devices.size(); ++i) {
        limits.feeds = motor_below(model, i);
        devices.emplace_back(model.devices[i], limits);
    }
}

energy_stage::state::known_layout const& energy_stage::state::resolve(layout_ptr const& l)
{
    if (auto const found = layouts.find(l.get()); found != layouts.end())
        return found->second;
    if (layouts.size() >= plans_max)
        layouts.clear();
    known_layout k{l, nullptr, {}};
    for (std::size_t i = 0; i < devices.size() && l->kind == stream::readings; ++i)
        if (model.devices[i].name == l->device) {
            k.to = &devices[i];
            k.plan = devices[i].track.plan(*l);
        }
    return layouts.emplace(l.get(), std::move(k)).first->second;
}

void energy_stage::state::fold(row const& r)
{
    auto const t = ms_of(r.time);
    if (!r.layout || r.cells.size() != r.layout->columns.size() || t < 0 || t > instant_max)
        return;
    if (r.layout->kind == stream::entry)
        return exchange(r);
    auto const& known = resolve(r.layout);
    if (known.to == nullptr)
        return;
    close_until(r.time);
    newest = std::max(newest, t);
    known.to->track.fold(r, known.plan, shared);
    tell_incidents(r);
}

void energy_stage::state::exchange(row const& r)
{
    auto const x = exchange_of(r);
    for (std::size_t i = 0; x && i < devices.size(); ++i)
        if (model.devices[i].name == x->device)
            devices[i].track.exchange(x->point, {x->at.time_since_epoch().count(), x->final_reading, x->first_reading},
                                      shared);
    tell_incidents(r);
}

void energy_stage::state::tell_incidents(row const& r)
{
    for (auto const& [point, incident] : shared.incidents)
        emit(event_row(r.layout->device, point, incident, r.time));
    shared.incidents.clear();
}

void energy_stage::state::emit(row r)
{
    if (pending.size() >= pending_max) {
        constexpr auto tenth = pending_max / 10;
        pending.erase(pending.begin(), pending.begin() + tenth);
        lost += tenth;
    }
    pending.push_back(std::move(r));
}

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
        demand = {};
        return;
    }
    plant_view const view{&model, windows, floor_to(end - minute, quarter), throttle_free.value()};
    auto found = plant_figures(view);
    for (auto const& name : formulas.points())
        add_point(found, view, name);
    add_demand(found, view);
    append(sums, found);
    emit(minute_figures.make(found, {end - minute, end}, at));
}

void energy_stage::state::add_demand(figures& f, plant_view const& v)
{
    auto const imported = flows(v).imported;
    if (!imported.exists())
        return;
    constexpr double per_hour = static_cast<double>(hour) / static_cast<double>(minute);
    demand.next(imported.whole ? std::optional{imported.value * per_hour} : std::nullopt);
    auto now = missing(quality::no_data);
    if (auto const kw = demand.value()) {
        now = imported;
        now.value = *kw;
    }
    f.push_back(mean("grid.demand", "kW", now));
    f.push_back(from(quarter, largest("grid.demand_max", "kW", now)));
    add_demand_cost(f, model, now);
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
        emit(std::move(r));
        if (of_figures)
            figures_at = pending.size() - 1;
    };
    for (auto& d : devices)
        d.periods.close(shared.closed, stamp_of, keep);
    figure_periods.close(shared.closed, stamp_of, keep);
    if (rows.empty())
        return;
    auto const found = hour_checks.look(model, rows);
    if (figures_at && *figures_at < pending.size() && pending[*figures_at].layout->kind == stream::kpi_1h)
        doubt(pending[*figures_at], hour_checks.doubted());
    for (auto const& f : found)
        emit(event_row(f, rows.front().time));
}

std::string energy_stage::state::save() const
{
    byte_writer w;
    w.number(snapshot_magic);
    w.signed_number(shared.closed);
    w.signed_number(shared.bright_until);
    w.signed_number(newest);
    w.number(devices.size());
    for (std::size_t i = 0; i < devices.size(); ++i) {
        byte_writer one;
        devices[i].track.save(one, shared.closed);
        devices[i].periods.save(one);
        w.text(model.devices[i].name);
        w.text(one.take());
    }
    energy::save(w, sums);
    demand.save(w);
    figure_periods.save(w);
    quarter_checks.save(w);
    hour_checks.save(w);
    throttle_free.save(w);
    w.number(pending.size());
    for (auto const& r : pending)
        energy::save(w, r);
    return w.take();
}

void energy_stage::state::load_devices(byte_reader& r)
{
    for (auto n = r.count(); n > 0 && r.ok(); --n) {
        auto const name = r.text();
        auto const bytes = r.text();
        for (std::size_t i = 0; i < devices.size(); ++i) {
            if (model.devices[i].name != name)
                continue;
            byte_reader one{bytes};
            devices[i].track.load(one, shared.closed);
            devices[i].periods.load(one);
            if (!one.ok() || !one.at_end())
                r.fail();
        }
    }
}

bool energy_stage::state::load(std::string const& bytes)
{
    reset();
    byte_reader r{bytes};
    if (r.number() != snapshot_magic)
        return false;
    shared.closed = r.signed_number();
    shared.bright_until = r.signed_number();
    newest = r.signed_number();
    auto const sane = [](instant t) { return t >= unset && t <= instant_max; };
    if (!sane(shared.closed) || !sane(shared.bright_until) || !sane(newest) ||
        (shared.closed != unset && shared.closed % minute != 0))
        r.fail();
    load_devices(r);
    energy::load(r, sums);
    demand.load(r);
    figure_periods.load(r);
    quarter_checks.load(r);
    hour_checks.load(r);
    throttle_free.load(r);
    for (auto n = r.count(); n > 0 && r.ok(); --n)
        energy::load(r, pending.emplace_back());
    return r.ok() && r.at_end();
}

energy_stage::energy_stage(plant_model model) : state_{std::make_unique<state>(std::move(model))} {}

energy_stage::~energy_stage() = default;

void energy_stage::fold(row const& reading)
{
    state_->fold(reading);
}

std::vector<row> energy_stage::advance(stamp now)
{
    state_->close_until(now);
    if (auto const lost = std::exchange(state_->lost, 0); lost > 0)
        state_->pending.push_back(lost_rows_event(lost, now));
    return std::exchange(state_->pending, {});
}

std::vector<late_reading> energy_stage::take_late()
{
    return std::exchange(state_->shared.late, {});
}

void energy_stage::foresee(std::vector<late_reading> const& known)
{
    state_->foreseen_until = unset;
    for (std::size_t i = 0; i < state_->devices.size(); ++i) {
        std::vector<late_reading> own;
        for (auto const& l : known)
            if (l.device == state_->model.devices[i].name) {
                own.push_back(l);
                state_->foreseen_until = std::max(state_->foreseen_until, l.gain.to);
            }
        std::sort(own.begin(), own.end(), [](auto const& a, auto const& b) { return a.gain.from < b.gain.from; });
        state_->devices[i].track.foresee(std::move(own));
    }
}

instant energy_stage::closed() const
{
    return state_->shared.closed;
}

std::vector<instant> energy_stage::gaps() const
{
    std::vector<instant> since;
    for (auto const& d : state_->devices)
        d.track.add_gaps(since, state_->shared.closed);
    return since;
}

std::string energy_stage::snapshot() const
{
    return state_->save();
}

bool energy_stage::restore(std::string const& bytes)
{
    auto const ok = state_->load(bytes);
    if (!ok)
        state_->reset();
    return ok;
}

} // namespace kilnwatt::energy
