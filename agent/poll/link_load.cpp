#include "agent/poll/link_load.hpp"

#include "agent/poll/poll_schedule.hpp"
#include "drivers/sunspec_chain.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace kilnwatt::poll {
namespace {

using std::chrono::nanoseconds;

constexpr double rounding = 1e-9;
constexpr std::array<drivers::sunspec::wanted_model, 3> assumed_models{{{1, 0}, {103, 0}, {160, 2}}};

double share_of(std::vector<planned_poll const*> const& polls, milliseconds at_least)
{
    double sum = 0;
    for (auto const* p : polls)
        sum += static_cast<double>(p->time().count()) /
               static_cast<double>(nanoseconds{std::max(p->period, at_least)}.count());
    return sum;
}

/// The shortest common period, in whole ticks, with which these take at most `limit`; limit > 0.
milliseconds shortest_period(std::vector<planned_poll const*> const& polls, double limit)
{
    milliseconds low{0};
    auto high = tick;
    while (share_of(polls, high) > limit + rounding)
        high *= 2;
    while (high - low > tick) {
        auto const middle = low + (high - low) / tick / 2 * tick;
        (share_of(polls, middle) > limit + rounding ? low : high) = middle;
    }
    return high;
}

drivers::device with_assumed_points(drivers::device const& d)
{
    auto p = d.what();
    p.points = drivers::sunspec::points_of(drivers::sunspec::lay_out(drivers::sunspec::bases.front(), assumed_models));
    return {d.name(), d.unit(), std::move(p)};
}

} // namespace

nanoseconds planned_poll::time() const
{
    nanoseconds sum{0};
    for (auto const& c : costs)
        sum += c.time;
    return sum;
}

double planned_poll::share() const
{
    return share_of({this}, milliseconds{0});
}

nanoseconds link_load::cycle() const
{
    nanoseconds sum{0};
    for (auto const& p : polls)
        sum += p.time();
    return sum;
}

double link_load::utilisation() const
{
    return std::accumulate(polls.begin(), polls.end(), 0.0,
                           [](double sum, planned_poll const& p) { return sum + p.share(); });
}

std::optional<overload> link_load::too_much() const
{
    auto const all = utilisation();
    if (all <= 1.0 + rounding)
        return std::nullopt;
    std::array<double, drivers::poll_class_names.size()> shares{};
    for (auto const& p : polls)
        shares[static_cast<std::size_t>(p.what)] += p.share();
    auto const most = static_cast<std::size_t>(std::max_element(shares.begin(), shares.end()) - shares.begin());
    overload o{static_cast<drivers::poll_class>(most)};
    auto const left = 1.0 - (all - shares[most]);
    o.all_classes = left <= rounding;
    o.factor = all;
    if (o.all_classes)
        return o;
    std::vector<planned_poll const*> of_class;
    for (auto const& p : polls)
        if (p.what == o.what)
            of_class.push_back(&p);
    o.smallest = shortest_period(of_class, left);
    return o;
}

std::vector<planned_poll> polls_of(drivers::device const& d, std::span<milliseconds const, 4> periods,
                                   drivers::link_cost const& link)
{
    if (d.what().sunspec && d.what().points.empty()) {
        auto polls = polls_of(with_assumed_points(d), periods, link);
        for (auto& p : polls)
            p.assumed = true;
        return polls;
    }
    std::vector<planned_poll> polls;
    for (auto const c : d.classes()) {
        planned_poll p{d.name(), c, periods[static_cast<std::size_t>(c)]};
        for (auto const& r : d.plan_of(c).requests) {
            p.requests.push_back(r.range);
            p.costs.push_back(drivers::cost_of(r.range, link));
        }
        p.points = d.layout_of(c)->columns.size();
        polls.push_back(std::move(p));
    }
    return polls;
}

} // namespace kilnwatt::poll
