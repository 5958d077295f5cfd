#include "agent/poll/link_poller.hpp"

#include "protocols/modbus/error.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace kilnwatt::poll {
namespace {

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

bool has_a_value(row const& r)
{
    return std::any_of(r.cells.begin(), r.cells.end(),
                       [](cell const& c) { return c.present && severity_of(c.q) != severity::bad; });
}

/// The device answered that it has none of these points: it lives, and says nothing about its health.
bool is_only_missing(row const& r)
{
    return std::all_of(r.cells.begin(), r.cells.end(), [](cell const& c) { return c.q == quality::not_supported; });
}

std::string first_cause(row const& r)
{
    return r.cells.empty() ? std::string{"it has no points"}
                           : "every value is bad: " + std::string{cause(r.cells.front().q)};
}

} // namespace

link_poller::link_poller(asio::any_io_executor executor, std::unique_ptr<modbus::link> link,
                         std::vector<polled_device> devices, plant_clock clock, poll_listener listener,
                         std::size_t first_phase, link_policy policy)
    : executor_{executor}, link_{std::move(link)}, devices_{std::move(devices)}, groups_(devices_.size()),
      counts_(devices_.size()), clock_{clock}, listener_{std::move(listener)}, policy_{policy},
      agenda_{failure_budget{policy.failing_share}}, timer_{executor}, ended_{executor}, phase_{first_phase}
{
    ended_.expires_at(asio::steady_timer::time_point::max());
    for (std::size_t d = 0; d < devices_.size(); ++d) {
        auto const& what = devices_[d].device.what();
        auto const fastest = *std::min_element(devices_[d].periods.begin(), devices_[d].periods.end());
        agenda_.add_device({.period = fastest,
                            .failures_to_offline = policy_.offline_after,
                            .may_sleep = what.may_sleep,
                            .probe_max = policy_.probe_max},
                           {});
        schedule(d);
    }
}

void link_poller::schedule(std::size_t device)
{
    auto const& p = devices_[device];
    auto const now = clock_.now();
    groups_[device] = p.device.classes();
    if (groups_[device].empty()) // nothing is known before the discovery: try at the fast period
        groups_[device] = {drivers::poll_class::fast};
    auto const grid = std::max(milliseconds{1}, std::chrono::duration_cast<milliseconds>(policy_.slot));
    std::vector<poll_schedule> schedules;
    for (auto const c : groups_[device]) {
        auto const period = p.periods[static_cast<std::size_t>(c)];
        poll_schedule::options const o{.period = period,
                                       .phase = spread_phase(phase_++, period, grid),
                                       .before_quarters = c == drivers::poll_class::counters};
        schedules.emplace_back(o, now);
    }
    agenda_.set_groups(device, std::move(schedules));
}

void link_poller::start()
{
    running_ = true;
    asio::co_spawn(executor_, run(), asio::bind_cancellation_slot(cancel_.slot(), [this](std::exception_ptr error) {
                       running_ = false;
                       ended_.cancel();
                       if (error)
                           std::rethrow_exception(error);
                   }));
}

asio::awaitable<void> link_poller::stop()
{
    stopping_ = true;
    timer_.cancel();
    cancel_.emit(asio::cancellation_type::terminal);
    while (running_)
        co_await ended_.async_wait(quietly);
    guests_.refuse_all(make_error_code(modbus::errc::cancelled));
    link_->close();
}

bool link_poller::ask(guest_desk::guest g, guest_request request)
{
    auto const taken = running_ && guests_.ask(g, std::move(request));
    timer_.cancel();
    return taken;
}

bool link_poller::lease(guest_desk::guest g, milliseconds lasts, std::function<void()> granted)
{
    if (!running_ || !guests_.turns().lease(g, clock_.now().mono, lasts))
        return false;
    granted_ = std::move(granted);
    paused_ = false; // so that a renewed lease is told of
    timer_.cancel();
    return true;
}

void link_poller::end_lease(guest_desk::guest g)
{
    guests_.turns().end_lease(g);
    timer_.cancel();
}

void link_poller::leave(guest_desk::guest g)
{
    if (guests_.turns().is_leased_to(g))
        granted_ = {};
    guests_.leave(g);
    timer_.cancel();
}

std::optional<milliseconds> link_poller::paused_for() const
{
    auto const now = clock_.now().mono;
    auto const until = guests_.turns().leased_until(now);
    return until ? std::optional{*until - now} : std::nullopt;
}

poll_counts link_poller::counts(std::size_t device) const
{
    auto c = counts_.at(device);
    c.missed = agenda_.missed(device);
    return c;
}

asio::awaitable<void> link_poller::run()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    while (!stopping_) {
        auto const now = clock_.now().mono;
        auto const guest = guests_.turns().next(now);
        if (guest.serve) {
            co_await guests_.serve(*guest.serve, *link_, clock_);
            continue;
        }
        if (obeys_lease(now)) {
            co_await wait_until(*guests_.turns().leased_until(now));
            continue;
        }
        auto const next = agenda_.next(now);
        switch (next.what) {
        case link_agenda::task::wait:
            if (policy_.close_after_poll && link_->is_open())
                link_->close();
            co_await wait_until(std::min(next.at, guest.not_before.value_or(next.at)));
            break;
        case link_agenda::task::poll:
            co_await poll_device(next.device, next.group);
            break;
        case link_agenda::task::probe:
            co_await probe_device(next.device);
            break;
        }
    }
}

/// True while polling is paused. Tells when that begins and ends.
bool link_poller::obeys_lease(mono_time now)
{
    auto const until = guests_.turns().leased_until(now);
    if (until.has_value() == paused_)
        return paused_;
    paused_ = until.has_value();
    if (paused_)
        link_->close();
    if (listener_.paused)
        listener_.paused(link_->address(), until ? std::optional{*until - now} : std::nullopt);
    if (auto const tell = std::exchange(granted_, {}); paused_ && tell)
        tell();
    return paused_;
}

asio::awaitable<void> link_poller::wait_until(mono_time at)
{
    // Rounded up to whole ticks of machine time, so that the links of a thread wake together.
    auto const grid = std::min<std::chrono::microseconds>(policy_.slot, tick);
    auto const when = clock_.machine_time(at).time_since_epoch();
    auto const ticks = (when + grid - std::chrono::nanoseconds{1}) / grid;
    timer_.expires_at(asio::steady_timer::time_point{ticks * grid});
    co_await timer_.async_wait(quietly);
}

asio::awaitable<void> link_poller::poll_device(std::size_t device, std::size_t group)
{
    auto& d = devices_[device].device;
    auto const began = clock_.now();
    agenda_.started(device, group, began);
    ++counts_[device].polls;

    if (d.needs_discovery()) {
        auto const found = co_await d.discover(*link_);
        if (found.has_error())
            failed(device, began.mono, found.error().message());
        else
            schedule(device);
        tell_what_is_new(device);
        co_return;
    }
    auto reading = co_await d.read(*link_, groups_[device][group], clock_);
    if (stopping_ && reading.has_error())
        co_return;
    tell_what_is_new(device);
    if (reading.has_error()) {
        failed(device, began.mono, reading.error().message());
        co_return;
    }
    if (has_a_value(*reading))
        succeeded(device);
    else if (!is_only_missing(*reading)) // every value bad: no sign of a working device, although something answered
        failed(device, began.mono, first_cause(*reading));
    listener_.reading(*std::move(reading));
}

asio::awaitable<void> link_poller::probe_device(std::size_t device)
{
    auto const began = clock_.now().mono;
    ++counts_[device].polls;
    auto& d = devices_[device].device;
    auto const life = co_await d.probe(*link_);
    if (life.has_error()) {
        if (!stopping_)
            failed(device, began, life.error().message());
        co_return;
    }
    d.was_away();
    succeeded(device);
}

void link_poller::tell_what_is_new(std::size_t device)
{
    auto& d = devices_[device].device;
    if (d.has_learned() && listener_.learned)
        listener_.learned(d.name(), d.memory());
    for (auto const& change : d.take_stuck())
        if (listener_.stuck)
            listener_.stuck(d.name(), change);
}

void link_poller::succeeded(std::size_t device)
{
    if (agenda_.answered(device, clock_.now().mono))
        listener_.state(devices_[device].device.name(), agenda_.state(device), {});
}

void link_poller::failed(std::size_t device, mono_time began, std::string const& why)
{
    ++counts_[device].failed;
    auto const now = clock_.now().mono;
    auto const chance = static_cast<double>(chance_() - std::minstd_rand::min()) /
                        static_cast<double>(std::minstd_rand::max() - std::minstd_rand::min() + 1);
    if (agenda_.silent(device, now, now - began, chance))
        listener_.state(devices_[device].device.name(), agenda_.state(device), why);
}

} // namespace kilnwatt::poll
