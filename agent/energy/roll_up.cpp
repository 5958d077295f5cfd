#include "agent/energy/roll_up.hpp"

#include "agent/energy/byte_stream.hpp"

#include <algorithm>

namespace kilnwatt::energy {
namespace {

constexpr std::size_t parts_max = 4'096; ///< points of a device in a snapshot

/// The part of that name; a new one when there is none. Quarters mostly have the same points in the same order.
template <class Parts, class Part>
auto& part_of(Parts& parts, std::size_t guess, Part const& like)
{
    if (guess < parts.size() && parts[guess].name == like.name)
        return parts[guess];
    auto const p = std::find_if(parts.begin(), parts.end(), [&](auto const& x) { return x.name == like.name; });
    return p == parts.end() ? parts.emplace_back(typename Parts::value_type{like.name, like.unit, {}}) : *p;
}

template <class Parts>
void save_parts(byte_writer& w, Parts const& parts)
{
    w.number(parts.size());
    for (auto const& p : parts) {
        w.text(p.name);
        w.text(p.unit);
        save(w, p.sum);
    }
}

template <class Parts>
void load_parts(byte_reader& r, Parts& parts)
{
    parts.clear();
    for (auto n = r.count(); n > 0 && r.ok(); --n) {
        if (parts.size() >= parts_max)
            return r.fail();
        auto& p = parts.emplace_back();
        p.name = r.text();
        p.unit = r.text();
        load(r, p.sum);
    }
}

std::vector<aggregate_rows> rows_for(std::string const& device, stream (*stream_of)(period))
{
    std::vector<aggregate_rows> rows;
    for (std::size_t i = 0; i < period_count; ++i)
        rows.emplace_back(device, stream_of(static_cast<period>(i)));
    return rows;
}

} // namespace

stream window_stream(period p)
{
    constexpr std::array streams{stream::window_1h, stream::window_day, stream::window_production_day,
                                 stream::window_month, stream::window_year};
    return streams[static_cast<std::size_t>(p)];
}

stream kpi_stream(period p)
{
    constexpr std::array streams{stream::kpi_1h, stream::kpi_day, stream::kpi_production_day, stream::kpi_month,
                                 stream::kpi_year};
    return streams[static_cast<std::size_t>(p)];
}

void device_sums::add(device_window const& q, instant period_start)
{
    for (std::size_t i = 0; i < q.gauges.size(); ++i) {
        auto& g = part_of(gauges, i, q.gauges[i]);
        g.sum = merge(g.sum, q.gauges[i].sum);
    }
    for (std::size_t i = 0; i < q.counters.size(); ++i) {
        auto const& from = q.counters[i];
        auto& c = part_of(counters, i, from);
        c.sum = merge(c.sum, summary_of(from.delta, {q.start, q.end}, period_start, from.read));
    }
}

void add_quarter(device_sums& sums, device_window const& q, time_span, instant period_start)
{
    sums.add(q, period_start);
}

void add_quarter(std::vector<figure>& sums, std::vector<figure> const& q, time_span when, instant period_start)
{
    append_quarter(sums, q, when.start, period_start);
}

template <>
roll_up<device_sums>::roll_up(std::string device) : rows_{rows_for(device, window_stream)}
{}

template <>
roll_up<std::vector<figure>>::roll_up(std::string device) : rows_{rows_for(device, kpi_stream)}
{}

void save(byte_writer& w, device_sums const& s)
{
    save_parts(w, s.gauges);
    save_parts(w, s.counters);
}

void load(byte_reader& r, device_sums& s)
{
    load_parts(r, s.gauges);
    load_parts(r, s.counters);
}

void save(byte_writer& w, std::vector<figure> const& f)
{
    w.number(f.size());
    for (auto const& x : f)
        save(w, x);
}

void load(byte_reader& r, std::vector<figure>& f)
{
    f.clear();
    for (auto n = r.count(); n > 0 && r.ok(); --n)
        load(r, f.emplace_back());
}

} // namespace kilnwatt::energy
