#include "agent/energy/gauge_summary.hpp"

#include "agent/energy/byte_stream.hpp"

#include <algorithm>

namespace kilnwatt::energy {
namespace {

/// Of two readings of one moment the larger stays, so that the order of merging does not matter.
void take_first(gauge_summary& s, double x, instant at)
{
    if (at < s.first_at || (at == s.first_at && x > s.first)) {
        s.first = x;
        s.first_at = at;
    }
}

void take_last(gauge_summary& s, double x, instant at)
{
    if (at > s.last_at || (at == s.last_at && x > s.last)) {
        s.last = x;
        s.last_at = at;
    }
}

/// Mean of the positive part of a straight line from a to b.
double positive_mean(double a, double b)
{
    auto const low = std::min(a, b);
    auto const high = std::max(a, b);
    if (low >= 0)
        return (a + b) / 2;
    return high <= 0 ? 0 : high * high / (2 * (high - low));
}

} // namespace

void gauge_summary::ramp(double a, double b, quality q, instant from, instant to)
{
    auto const d = static_cast<double>(to - from);
    integral += (a + b) / 2 * d;
    positive += positive_mean(a, b) * d;
    covered += to - from;
    seen += to - from;
    dubious += severity_of(q) == severity::uncertain ? to - from : 0;
    min = std::min({min, a, b});
    max = std::max({max, a, b});
    worst = combined(worst, q);
    take_first(*this, a, from);
    take_last(*this, a, from);
}

void gauge_summary::hold_again(double x, quality q, instant from, instant to)
{
    auto const before = seen;
    hold(x, q, from, to);
    seen = before;
}

void gauge_summary::sample(double x, quality q, instant at)
{
    ++samples;
    min = std::min(min, x);
    max = std::max(max, x);
    worst = combined(worst, q);
    take_first(*this, x, at);
    take_last(*this, x, at);
}

quality gauge_summary::quality_of_mean(instant length) const
{
    if (covered == 0)
        return severity_of(missing) == severity::bad ? missing : quality::no_data;
    return graded(weighed(worst, dubious, length), coverage(length));
}

gauge_summary merge(gauge_summary const& a, gauge_summary const& b)
{
    auto m = a;
    m.integral += b.integral;
    m.positive += b.positive;
    m.covered += b.covered;
    m.seen += b.seen;
    m.dubious += b.dubious;
    m.min = std::min(a.min, b.min);
    m.max = std::max(a.max, b.max);
    m.samples += b.samples;
    m.rises += b.rises;
    m.unseen_rises += b.unseen_rises;
    m.worst = combined(a.worst, b.worst);
    m.missing = combined(a.missing, b.missing);
    take_first(m, b.first, b.first_at);
    take_last(m, b.last, b.last_at);
    return m;
}

void save(byte_writer& w, gauge_summary const& s)
{
    w.number(s.empty() ? 0 : 1);
    if (s.empty())
        return;
    for (auto const v : {s.integral, s.positive, s.min, s.max, s.first, s.last})
        w.real(v);
    for (auto const t : {s.covered, s.seen, s.dubious, s.first_at, s.last_at})
        w.signed_number(t);
    w.number(s.samples);
    w.number(s.rises);
    w.number(s.unseen_rises);
    w.cause(s.worst);
    w.cause(s.missing);
}

void load(byte_reader& r, gauge_summary& s)
{
    s = {};
    if (r.number() == 0)
        return;
    for (auto* v : {&s.integral, &s.positive, &s.min, &s.max, &s.first, &s.last})
        *v = r.real();
    for (auto* t : {&s.covered, &s.seen, &s.dubious, &s.first_at, &s.last_at})
        *t = r.signed_number();
    s.samples = static_cast<std::uint32_t>(r.number());
    s.rises = static_cast<std::uint32_t>(r.number());
    s.unseen_rises = static_cast<std::uint32_t>(r.number());
    s.worst = r.cause();
    s.missing = r.cause();
}

} // namespace kilnwatt::energy
