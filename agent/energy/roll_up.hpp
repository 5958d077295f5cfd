#pragma once

#include "agent/energy/aggregate_row.hpp"
#include "agent/energy/byte_stream.hpp"
#include "agent/energy/calendar.hpp"
#include "agent/energy/counter_summary.hpp"
#include "agent/energy/figure.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::energy {

/// What one device did in a period so far.
struct device_sums {
    struct gauge {
        std::string name;
        std::string unit;
        gauge_summary sum;
    };
    struct counter {
        std::string name;
        std::string unit;
        counter_summary sum;
    };
    std::vector<gauge> gauges;
    std::vector<counter> counters;

    void add(device_window const& q, instant period_start);
};

/// Adds quarters of an hour of one device, or of the plant's figures, to the hour, the days, the month and the year
/// that hold them. `Sums` is device_sums or std::vector<figure>. A period is open from its first quarter on.
template <class Sums>
class roll_up {
public:
    explicit roll_up(std::string device);

    /// Quarters come in order of time.
    template <class Quarter>
    void add(Quarter const& q, time_span when, calendar const& c);

    /// Rows of the periods that end up to `closed`, hours first. `stamp_of` gives a row its time; `settle` may change
    /// the sums of a period before they become a row.
    template <class Stamp, class Emit, class Settle>
    void close(instant closed, Stamp stamp_of, Emit emit, Settle settle);
    template <class Stamp, class Emit>
    void close(instant closed, Stamp stamp_of, Emit emit)
    {
        close(closed, stamp_of, emit, [](period, Sums&, time_span) {});
    }

    /// The site's own figures go into the rows too.
    void use(user_kpis const& formulas)
    {
        for (auto& r : rows_)
            r.use(formulas);
    }

    void save(byte_writer& w) const;
    void load(byte_reader& r);

private:
    struct open_period {
        std::optional<time_span> when;
        Sums sums;
    };
    std::array<open_period, period_count> open_;
    std::vector<aggregate_rows> rows_; ///< one a period
};

stream window_stream(period p);
stream kpi_stream(period p);

void add_quarter(device_sums& sums, device_window const& q, time_span when, instant period_start);
void add_quarter(std::vector<figure>& sums, std::vector<figure> const& q, time_span when, instant period_start);

void save(byte_writer& w, device_sums const& s);
void load(byte_reader& r, device_sums& s);
void save(byte_writer& w, std::vector<figure> const& f);
void load(byte_reader& r, std::vector<figure>& f);

template <class Sums>
template <class Quarter>
void roll_up<Sums>::add(Quarter const& q, time_span when, calendar const& c)
{
    for (std::size_t i = 0; i < period_count; ++i) {
        auto const p = static_cast<period>(i);
        if (p == period::production_day && !c.has_production_day())
            continue;
        auto& o = open_[i];
        if (!o.when)
            o.when = c.window(p, when.start);
        add_quarter(o.sums, q, when, o.when->start);
    }
}

template <class Sums>
template <class Stamp, class Emit, class Settle>
void roll_up<Sums>::close(instant closed, Stamp stamp_of, Emit emit, Settle settle)
{
    for (std::size_t i = 0; i < period_count; ++i) {
        auto& o = open_[i];
        if (!o.when || o.when->end > closed)
            continue;
        settle(static_cast<period>(i), o.sums, *o.when);
        emit(rows_[i].make(o.sums, *o.when, stamp_of(o.when->end)));
        o = {};
    }
}

template <class Sums>
void roll_up<Sums>::save(byte_writer& w) const
{
    for (auto const& o : open_) {
        w.number(o.when ? 1 : 0);
        if (!o.when)
            continue;
        w.signed_number(o.when->start);
        w.signed_number(o.when->end);
        energy::save(w, o.sums);
    }
}

template <class Sums>
void roll_up<Sums>::load(byte_reader& r)
{
    for (auto& o : open_) {
        o = {};
        if (r.number() == 0)
            continue;
        o.when.emplace();
        o.when->start = r.signed_number();
        o.when->end = r.signed_number();
        if (o.when->start < -instant_max || o.when->end > instant_max + 400 * 24 * hour || o.when->start >= o.when->end)
            return r.fail();
        energy::load(r, o.sums);
    }
}

} // namespace kilnwatt::energy
