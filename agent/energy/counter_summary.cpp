#include "agent/energy/counter_summary.hpp"

#include "agent/energy/byte_stream.hpp"

#include <algorithm>

namespace kilnwatt::energy {
namespace {

/// What a quarter's gain is worth as a part of something longer: coverage and resolution are judged again for the
/// whole.
quality as_part(counter_delta const& d, time_span part, instant period_start)
{
    auto const inside = d.q == quality::gap_energy && d.from < part.start && d.from >= period_start;
    return inside || d.q == quality::low_coverage || d.q == quality::low_resolution ? quality::good : d.q;
}

} // namespace

counter_summary summary_of(counter_delta const& d, time_span part, instant period_start, bool read)
{
    counter_summary s;
    s.read = read;
    s.how = d.how;
    s.resolution = d.resolution;
    if (!d.known) {
        s.missing = d.q;
        if (d.q == quality::meter_replaced) {
            s.worst = quality::inputs_missing;
            s.dubious = past_doubt;
        }
        return s;
    }
    s.gained = d.value;
    s.covered = d.covered + std::max<instant>(0, part.start - std::max(d.from, period_start));
    s.worst = as_part(d, part, period_start);
    s.dubious = severity_of(s.worst) == severity::uncertain ? s.covered : 0;
    return s;
}

counter_summary merge(counter_summary const& a, counter_summary const& b)
{
    counter_summary s;
    s.gained = a.gained + b.gained;
    s.covered = a.covered + b.covered;
    s.dubious = a.dubious + b.dubious;
    s.worst = combined(a.worst, b.worst);
    s.missing = combined(a.missing, b.missing);
    s.how = std::max(a.how, b.how);
    s.resolution = std::max(a.resolution, b.resolution);
    s.read = a.read || b.read;
    return s;
}

counter_gain finish(counter_summary const& s, instant length)
{
    counter_gain g;
    g.partial = s.gained;
    g.delta.how = s.how;
    g.delta.covered = std::min(s.covered, length);
    g.delta.resolution = s.resolution;
    if (s.covered == 0) {
        g.delta.q = severity_of(s.missing) == severity::bad ? s.missing : quality::no_data;
        return g;
    }
    auto const coverage = static_cast<double>(g.delta.covered) / static_cast<double>(length);
    auto const worst = s.dubious >= past_doubt ? quality::inputs_missing : weighed(s.worst, s.dubious, length);
    g.delta.q = graded(worst, coverage);
    if (is_coarse(s.resolution, s.gained))
        g.delta.q = combined(g.delta.q, quality::low_resolution);
    g.delta.known = severity_of(g.delta.q) != severity::bad;
    g.delta.value = g.delta.known ? s.gained : 0;
    return g;
}

void save(byte_writer& w, counter_summary const& s)
{
    w.number(s.read ? 1 : 0);
    w.number(static_cast<std::uint8_t>(s.how));
    w.real(s.gained);
    w.real(s.resolution);
    w.signed_number(s.covered);
    w.signed_number(s.dubious);
    w.cause(s.worst);
    w.cause(s.missing);
}

void load(byte_reader& r, counter_summary& s)
{
    s.read = r.number() != 0;
    auto const how = r.number();
    if (how > static_cast<std::uint8_t>(method::model))
        r.fail();
    s.how = static_cast<method>(how);
    s.gained = r.real();
    s.resolution = r.real();
    s.covered = r.signed_number();
    s.dubious = r.signed_number();
    s.worst = r.cause();
    s.missing = r.cause();
}

} // namespace kilnwatt::energy
