#pragma once

#include "agent/energy/aggregate_quality.hpp"
#include "agent/energy/counter_step.hpp"
#include "agent/energy/late_gain.hpp"
#include "agent/energy/sample_period.hpp"
#include "agent/energy/sun.hpp"
#include "agent/energy/window_ring.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace kilnwatt::energy {

class byte_reader;
class byte_writer;

/// What a counter may do, as far as the nameplate tells.
struct counter_rules {
    double modulus = 0;                ///< counter's unit; 0 = unknown
    double power_max = 0;              ///< counter's unit per ms; 0 = unknown
    instant patience = instant_max;    ///< ms that a window waits after its end: a reading later than that is too late
    instant gap_total_max = 24 * hour; ///< ms; the energy of a longer gap is not shared out to the windows inside it
    std::optional<geographic_location> sun{}; ///< a gap's energy comes with the sun there; none = evenly
};

/// Edges stand on a grid of 2^-20 of the counter's unit (a millionth of a Wh), so that differences of edges and their
/// sums are exact up to 2^33 units, and minutes add up to their quarter to the last bit.
double on_grid(double edge);

/// One number of a counter as it was read.
struct counter_reading {
    instant at = 0;
    double value = 0;
    quality q = quality::good;
    double resolution = 0;
    double native_modulus = 0; ///< range of the register if `value` stands close to its end; 0 = not so
};

/// The readings that somebody took when a meter was exchanged, in the counter's unit.
struct exchange_readings {
    instant at = 0;
    double final_reading = 0; ///< of the old meter
    double first_reading = 0; ///< of the new one
};

/// A decision about a counter that somebody should hear of.
struct counter_incident {
    counter_step step = counter_step::forward; ///< rollover, reset or replaced
    bool refuted = false;                      ///< `current` was a false reading and is dropped
    double previous = 0;
    double current = 0;
    double delta = 0;
};

/// What a counter gained over a window, or the integral that stands for it.
struct counter_delta {
    double value = 0;
    bool known = false;
    instant from = 0;    ///< edge the gain is counted from; before the window's start when it carries a gap's energy
    instant covered = 0; ///< ms of the window for which it is known
    bool whole = false;  ///< it is this window's gain, all of it and nothing else: fit for a ratio
    quality q = quality::no_data;
    method how = method::counter;
    double resolution = 0; ///< the counter's smallest step; 0 = unknown
};

/// Readings of one counter become gains of windows. The counter's value at a window's edge is interpolated between the
/// readings around it; both neighbours share the edge, so gains of minutes add up to the gain of their quarter exactly.
///
/// A window is closed with what there is. When no reading at or after its end has come by then, its gain is unknown,
/// and the next window with a known end counts from the last known edge: its gain holds the energy of the gap
/// (gap_energy) and none is lost. Windows still open when the reading after a gap comes share the gap's energy by time
/// (interpolated). What a gap of up to gap_total_max gained is a late_gain: a track that was told of it by foresee()
/// before its windows close shares it out to them alike, so that windows made again from readings have their energy. A
/// counter that is read less often than a window waits would never have a known end: its windows end with their last
/// reading, so that a longer period has all of its energy.
///
/// A decrease, or a rise beyond the rated power, is held back until the next reading confirms or refutes it. Devices
/// refresh their counters in their own rhythm, so a rise may always hold refresh_slack of rated power.
class counter_track {
public:
    static constexpr instant refresh_slack = 5 * minute;

    counter_track(counter_rules rules, std::size_t windows) : rules_{rules}, open_{windows} {}

    std::optional<counter_incident> on_reading(counter_reading r, instant closed);
    /// Somebody tells of an exchange: what is kept of one that was noticed already, else nothing until it is noticed.
    /// The energy of one that is told later goes to the window that holds the last reading (gap_energy); the minutes
    /// and the quarter of the exchange are known by it if they are open still. It is a late_gain too: a track that was
    /// told of that by foresee() before it notices the exchange counts it where it was.
    std::optional<counter_incident> on_exchange(exchange_readings const& x, instant closed);
    /// The device sleeps: its counter stands still.
    void on_sleep(instant t, instant closed);

    counter_delta close_minute(instant end);
    counter_delta close_quarter(instant end);

    /// Another number of the same moment as the last reading (more than jitter apart): one of the two is wrong.
    bool contradicts(counter_reading const& r) const;

    bool any() const { return any_; }

    /// Gains of gaps whose windows were closed too early, since the last call.
    std::vector<late_gain> take_late() { return std::exchange(late_, {}); }

    /// What is known to come, ordered by `from`. Kept until the next call; no part of save().
    void foresee(std::vector<late_gain> gains) { foreseen_ = std::move(gains); }

    /// Since when the ends of closed windows are unknown but may become known yet; nothing when they are known, or the
    /// gap is longer than gap_total_max.
    std::optional<instant> gap_since(instant closed) const;

    /// The reading before the meter changed, if nobody told of an exchange or may correct what he told: that is so for
    /// gap_total_max. A counter that begins anew each morning was not exchanged.
    std::optional<instant> change_since(instant closed) const;

    void save(byte_writer& w, instant closed) const;
    void load(byte_reader& r, instant closed);

private:
    struct open_window {
        bool known = false; ///< the value at the window's end
        double end = 0;
        quality end_q = quality::good; ///< of that value
        quality marks = quality::good; ///< of what happened inside
    };

    counter_limits limits(counter_reading const& before, instant span) const;
    struct segment_change { ///< from the last reading of one meter to the first of the next
        instant from = 0;
        instant to = 0;
        double last = 0;
        double first = 0;
        double counted = 0; ///< of what was used in between
        bool slept = false; ///< before: the device was asleep
    };
    std::optional<double> stitched(segment_change const& s, exchange_readings const& x) const;
    bool foreseen(segment_change const& s, double used) const;
    std::optional<counter_incident> resolve(counter_reading const& r, instant closed);
    void accept(counter_reading const& r, double delta, quality why, instant closed);
    void mark(instant from, instant to, quality q, instant closed);
    bool reads_slowly() const { return period_.period > rules_.patience; }
    double share(instant from, instant t, instant to) const;
    void fill(open_window& w, instant end) const;
    counter_delta gain(instant start, instant end, instant from, double value, quality q) const;

    counter_rules rules_;
    window_ring<open_window> open_;
    sample_period period_;
    bool any_ = false;
    bool went_back_ = false; ///< the wall clock did: time between readings means nothing until it has caught up
    counter_reading last_;
    instant measured_at_ = 0; ///< of last_, before a sleeping device was taken to stand still
    double offset_ = 0;       ///< last_.value + offset_ is the counter with every reset and rollover undone
    double former_ = 0;       ///< last value before the meter was replaced; 0 = never
    std::optional<counter_reading> held_;
    std::optional<exchange_readings> told_; ///< an exchange that was not noticed yet
    segment_change change_;                 ///< the last one that nobody told of; to = 0: none

    struct known_edge {
        instant at = 0;
        double value = 0;
        quality q = quality::good;
    };
    known_edge edge_;         ///< the last one of a closed minute
    known_edge quarter_edge_; ///< what it was when the last quarter closed
    quality quarter_marks_ = quality::good;

    std::vector<late_gain> late_;
    std::vector<late_gain> foreseen_;
};

} // namespace kilnwatt::energy
