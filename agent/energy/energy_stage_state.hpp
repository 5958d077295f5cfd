#pragma once

#include "agent/energy/aggregate_row.hpp"
#include "agent/energy/billing_month.hpp"
#include "agent/energy/day_watch.hpp"
#include "agent/energy/demand.hpp"
#include "agent/energy/device_track.hpp"
#include "agent/energy/energy_stage.hpp"
#include "agent/energy/hour_watch.hpp"
#include "agent/energy/kiln_batches.hpp"
#include "agent/energy/plant_figures.hpp"
#include "agent/energy/quarter_watch.hpp"
#include "agent/energy/reference_ratio.hpp"
#include "agent/energy/roll_up.hpp"
#include "agent/energy/user_kpi.hpp"
#include "core/aggregate_columns.hpp"

#include <unordered_map>

namespace kilnwatt::energy {

inline constexpr instant unset = -1; ///< no time yet

inline instant ms_of(stamp s)
{
    return s.utc.time_since_epoch().count();
}

/// What energy_stage is made of: energy_stage.cpp takes readings in, energy_stage_closing.cpp closes windows,
/// energy_stage_snapshot.cpp keeps what is open.
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
    void fold(row const& r, std::uint32_t boot);
    void exchange(row const& r);
    void tell_incidents(row const& r);
    void tell_conflict(row const& r);
    void close_until(stamp now);
    void close_minute(instant end, stamp now);
    void add_demand(figures& f, plant_view const& v, instant end);
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
    demand_meter demand; ///< of what the grid gives
    billing_month bill;
    std::unordered_map<layout const*, known_layout> layouts;
    fold_state shared;
    instant newest = unset;         ///< latest reading
    instant conflict_told = unset;  ///< the last event of one
    instant foreseen_until = unset; ///< a counter's gain up to here is known
    figures sums;                   ///< of the quarter that is open
    kiln_batches batches;
    quarter_watch quarter_checks;
    hour_watch hour_checks;
    reference_ratio throttle_free;
    std::vector<row> pending;
    std::size_t lost = 0; ///< rows that pending had no room for, not told yet
};

} // namespace kilnwatt::energy
