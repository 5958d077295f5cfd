#include "agent/energy/energy_stage.hpp"

#include "agent/energy/energy_stage_state.hpp"
#include "core/event_row.hpp"
#include "core/meter_exchange.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kilnwatt::energy {
namespace {

constexpr std::size_t plans_max = 1'024;     ///< layouts remembered; above, all are resolved again
constexpr std::size_t pending_max = 100'000; ///< rows that nobody fetched; above, the oldest tenth goes
constexpr instant delay_max = 10 * minute;

} // namespace

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
    demand = demand_meter{model.prices ? model.prices->window : demand_window::sliding};
    bill = billing_month{model.prices ? model.prices->reading_day : 1};
    batches = {};
    quarter_checks = {};
    hour_checks = {};
    throttle_free = {};
    figure_periods = roll_up<figures>{std::string{aggregate::site}};
    figure_periods.use(formulas);
    pending.clear();
    shared = {};
    newest = unset;
    conflict_told = unset;
    foreseen_until = unset;
    devices.reserve(model.devices.size());
    track_limits limits{open_windows(delay), delay, model.gap_total_max_ms, nullptr, model.location, supply_of(model)};
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

void energy_stage::state::fold(row const& r, std::uint32_t boot)
{
    auto const t = ms_of(r.time);
    if (!r.layout || r.cells.size() != r.layout->columns.size() || t < 0 || t > instant_max)
        return;
    if (r.layout->kind == stream::entry)
        return exchange(r);
    if (boot != std::exchange(shared.boot, boot))
        for (auto& d : devices)
            d.track.restarted();
    auto const& known = resolve(r.layout);
    if (known.to == nullptr)
        return;
    close_until(r.time);
    newest = std::max(newest, t);
    known.to->track.fold(r, known.plan, shared);
    tell_incidents(r);
    tell_conflict(r);
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

/// Once an hour at most: what repeats a reading does so again and again.
void energy_stage::state::tell_conflict(row const& r)
{
    auto const what = std::exchange(shared.conflict, {});
    auto const t = ms_of(r.time);
    if (what.empty() || (conflict_told != unset && t >= conflict_told && t < conflict_told + hour))
        return;
    conflict_told = t;
    emit(event_row("reading_conflict", r.layout->device, event_severity::warning,
                   fmt::format("{}.{} in a second reading of one moment; the first counts; {} such readings so far",
                               r.layout->device, what, shared.conflicts),
                   r.time));
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

energy_stage::energy_stage(plant_model model) : state_{std::make_unique<state>(std::move(model))} {}

energy_stage::~energy_stage() = default;

void energy_stage::fold(row const& reading, std::uint32_t boot)
{
    state_->fold(reading, boot);
}

std::vector<row> energy_stage::advance(stamp now)
{
    state_->close_until(now);
    if (auto const lost = std::exchange(state_->lost, 0); lost > 0)
        state_->pending.push_back(lost_rows_event(lost, now));
    return std::exchange(state_->pending, {});
}

void energy_stage::use(std::vector<target_model> targets)
{
    state_->formulas.use(std::move(targets));
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
        std::reverse(own.begin(), own.end()); // of two for one gap the first is taken
        std::stable_sort(own.begin(), own.end(),
                         [](auto const& a, auto const& b) { return a.gain.from < b.gain.from; });
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

std::vector<meter_change> energy_stage::changes() const
{
    std::vector<meter_change> all;
    for (auto const& d : state_->devices)
        d.track.add_changes(all, state_->shared.closed);
    return all;
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
