#pragma once

#include "agent/energy/device_window.hpp"
#include "agent/energy/fine_gain.hpp"
#include "agent/energy/gauge_track.hpp"
#include "agent/energy/kiln_soak.hpp"
#include "agent/energy/plant_model.hpp"
#include "agent/energy/point_plan.hpp"
#include "core/row.hpp"

#include <utility>
#include <vector>

namespace kilnwatt::energy {

/// What the devices of a plant share while their readings are folded.
struct fold_state {
    instant closed = -1;       ///< every window that ends up to here is closed; -1 = nothing began yet
    std::uint32_t boot = 0;    ///< the run of the agent that the last reading is of
    instant bright_until = -1; ///< by the plant's irradiance it is day: an inverter that does not answer is not asleep
    std::vector<std::pair<std::string, counter_incident>> incidents; ///< with the counter's name
    std::vector<late_reading> late;                                  ///< what came for closed windows
    std::uint64_t conflicts = 0; ///< readings that differ from one of the same point and moment; the first counts
    std::string conflict;        ///< the last one, not told yet: "active_power: 3 and 4"
};

/// What holds for every device of a plant.
struct track_limits {
    std::size_t windows = 1;            ///< open_windows(close_delay)
    instant close_delay = instant_max;  ///< ms
    instant gap_total_max = 24 * hour;  ///< ms
    motor_plate const* feeds = nullptr; ///< of the motor that the device is or supplies
    std::optional<geographic_location> location{}; ///< of the plant
    double supply_w = 0;                ///< most that any electric meter of the plant can measure; 0 = unknown
};

/// Transformers and inverters of the plant together, W; 0 where no transformer has a nameplate.
double supply_of(plant_model const& m);

/// The plate of the motor that a device is, or that hangs below it in the tree of meters; null = none. A motor without
/// a plate has an empty one.
motor_plate const* motor_below(plant_model const& m, std::size_t device);

/// The open windows of one device: every gauge and counter of the vocabulary that its readings ever brought. States,
/// texts and vendor points are not aggregated.
class device_track {
public:
    device_track(device_model const& model, track_limits limits) : model_{&model}, limits_{limits} {}

    /// Where the columns of a layout of this device go; makes the tracks of points that are new.
    point_plan plan(layout const& l);

    /// One row of the layout that `plan` was made for.
    void fold(row const& r, point_plan const& plan, fold_state& s);

    /// The readings to come are of another run of the agent.
    void restarted();

    /// An exchange of the meter behind one of its counters.
    void exchange(std::string_view point, exchange_readings const& x, fold_state& s);

    /// What is known to come of this device's counters, ordered by time.
    void foresee(std::vector<late_reading> known);
    /// Since when the windows of some counter lack what may come yet; see counter_track::gap_since.
    void add_gaps(std::vector<instant>& since, instant closed) const;
    /// Its counters that somebody may tell of yet; see counter_track::change_since.
    void add_changes(std::vector<meter_change>& all, instant closed) const;

    void close_minute(instant end);
    void close_quarter(instant end);
    device_window const& last_minute() const { return minute_; }
    device_window const& last_quarter() const { return quarter_; }

    void save(byte_writer& w, instant closed) const;
    void load(byte_reader& r, instant closed);

private:
    struct gauge_point {
        std::string name;
        std::string unit;
        gauge_track track;
        gauge_summary quarter;
    };
    struct counter_point {
        std::string name;
        std::string unit;
        counter_track track;
        fine_gain fine{};
        double ahead_of_quarter = 0; ///< of the edge at which the last quarter ended
    };

    std::uint32_t gauge_index(std::string_view name, std::string_view unit);
    std::vector<late_gain> foreseen_of(std::string_view point) const;
    std::uint32_t counter_index(std::string_view name, std::string_view unit);
    void fold_gauge(row const& r, gauge_plan const& p, instant t, fold_state& s);
    void fold_counter(row const& r, counter_plan const& p, instant t, fold_state& s);
    void take_late(counter_point& c, fold_state& s) const;
    void fold_derived(row const& r, derived_plan const& p, instant t, fold_state& s);
    void refine(device_window::counter& c, fine_gain& fine) const;

    device_model const* model_;
    track_limits limits_;
    std::vector<gauge_point> gauges_;
    std::vector<counter_point> counters_;
    std::vector<late_reading> foreseen_;
    kiln_soak soak_;
    device_window minute_;
    device_window quarter_;
};

} // namespace kilnwatt::energy
