#pragma once

#include "agent/energy/threshold_alarm.hpp"
#include "core/event_row.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace kilnwatt::energy {

/// One alarm of the site: which value, and when it is wrong.
struct alarm_rule {
    std::string name;
    std::string device;             ///< whose rows; "site" for figures of the plant
    std::string column;             ///< point or metric
    stream from = stream::readings; ///< readings, or the stream of the metric's shortest period
    std::string unit;               ///< of the column; limit and hysteresis are in it
    threshold when;
    event_severity severity = event_severity::alarm; ///< of the event that raises it
};

/// All alarms of a site: committed readings and closed figures in, events out. Pure; its state survives a restart in a
/// snapshot.
class alarm_board {
public:
    explicit alarm_board(std::vector<alarm_rule> rules);

    /// Appends an event row for each alarm that this row raises or clears.
    void fold(row const& r, std::vector<row>& events);

    /// Events for alarms that were active in the snapshot and are no rule any more; once.
    void end_orphans(stamp now, std::vector<row>& events);

    std::string snapshot() const;
    /// A rule that the snapshot does not know begins inactive. False for what it cannot read; then all are inactive.
    bool restore(std::string_view bytes);

private:
    struct watched {
        std::size_t rule;
        std::size_t column;
    };
    struct known_layout {
        layout_ptr keep; ///< so that its address stays its own
        std::vector<watched> columns;
    };
    known_layout const& resolve(layout_ptr const& l);

    std::vector<alarm_rule> rules_;
    std::vector<threshold_alarm> states_; ///< by rule
    std::vector<std::string> orphans_;
    std::unordered_map<layout const*, known_layout> layouts_;
};

} // namespace kilnwatt::energy
