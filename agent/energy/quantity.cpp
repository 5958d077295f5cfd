#include "agent/energy/quantity.hpp"

#include <algorithm>
#include <cmath>

namespace kilnwatt::energy {
namespace {

/// A good cause ("night") says nothing about a figure of the plant.
quality plain(quality q)
{
    return severity_of(q) == severity::good ? quality::good : q;
}

quantity joined(quantity a, quantity const& b)
{
    if (!a.since.empty() || !b.since.empty()) {
        a.since.resize(a.covered.size(), instant_max);
        a.since.insert(a.since.end(), b.since.begin(), b.since.end());
    }
    a.again = std::max(a.again, b.again);
    a.covered.insert(a.covered.end(), b.covered.begin(), b.covered.end());
    a.q = combined(a.q, b.q);
    a.cause = combined(a.cause, b.cause);
    a.how = std::max(a.how, b.how);
    a.whole = a.whole && b.whole;
    return a;
}

} // namespace

instant quantity::least_covered() const
{
    return covered.empty() ? 0 : *std::min_element(covered.begin(), covered.end());
}

instant quantity::stands_for() const
{
    auto const known = least_covered();
    return known == 0 ? 0 : known + again;
}

quantity missing(quality cause)
{
    quantity m;
    m.covered = {0};
    m.cause = severity_of(cause) == severity::bad ? cause : quality::no_data;
    m.whole = false;
    return m;
}

quantity constant(double value)
{
    quantity q;
    q.value = value;
    q.covered = {minute};
    return q;
}

quantity amount_of(counter_delta const* d, double factor, instant quarter_start, device_window const& w)
{
    if (d == nullptr || !d->known)
        return missing(d == nullptr ? quality::no_data : d->q);
    quantity a;
    a.value = d->value * factor;
    auto const carried = std::max<instant>(0, w.start - std::max(d->from, quarter_start));
    a.covered = {d->covered + carried};
    if (d->from < quarter_start)
        a.since = {d->from};
    a.q = plain(d->q);
    a.how = d->how;
    a.whole = d->whole;
    return a;
}

quantity mean_of(gauge_summary const* g, double factor, device_window const& w)
{
    if (g == nullptr || g->covered == 0)
        return missing(g == nullptr ? quality::no_data : g->missing);
    quantity m;
    m.value = g->mean() * factor;
    m.covered = {g->seen};
    m.again = g->covered - g->seen;
    m.q = plain(g->worst);
    m.how = method::integral;
    m.whole = g->coverage(w.length()) >= coverage_good;
    return m;
}

quantity over_a_minute(quantity mean)
{
    mean.value *= static_cast<double>(mean.stands_for()) / static_cast<double>(hour);
    return mean;
}

quantity operator+(quantity a, quantity const& b)
{
    a.value += b.value;
    return joined(std::move(a), b);
}

quantity operator-(quantity a, quantity const& b)
{
    a.value -= b.value;
    return joined(std::move(a), b);
}

quantity operator*(quantity a, double factor)
{
    a.value *= factor;
    return a;
}

quantity derived(double value, std::span<quantity const> inputs, method how)
{
    quantity d;
    for (auto const& i : inputs)
        d = joined(std::move(d), i);
    d.value = value;
    d.how = std::max(d.how, how);
    d.covered = {d.least_covered()};
    if (!d.since.empty())
        d.since = {*std::min_element(d.since.begin(), d.since.end())};
    if (std::isfinite(value))
        return d;
    d.value = 0;
    d.covered = {0};
    d.cause = combined(d.cause, quality::out_of_range);
    d.whole = false;
    return d;
}

} // namespace kilnwatt::energy
