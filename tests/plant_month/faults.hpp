#pragma once

#include "ceramics_feed.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace kilnwatt::plant_month {

/// Everything that goes wrong on a site in years, in one month: readings are changed on their way from
/// the physics to the agent. Days and hours are those of the plant's calendar, from the start of the month.
class fault_injector {
public:
    explicit fault_injector(utc_time start) : start_{start} {}

    /// Changes a row. The physics that it comes from stays as it is.
    void change(row& r, simulator::plant const& p);

    /// What somebody wrote down about a change, once.
    std::optional<row> told() { return std::exchange(told_, std::nullopt); }

    /// The plant's wall clock when the true time is `t`.
    utc_time wall_clock(utc_time t) const;

    /// What the meters of the month are read as, before anything is wrong.
    static void prepare(ceramics_feed& feed, energy::plant_model& model);

private:
    double hour_of_month(utc_time t) const;
    void run_over(row& r); ///< counters that end at 2^16, 32768, 2^32 and at their display's digits
    void silence(row& r, simulator::plant const& p);
    void mislead(row& r);  ///< wrong numbers that look like numbers
    void exchange(row& r); ///< resets, exchanges and CT ratios
    bool between(double from, double to) const { return hour_ >= from && hour_ < to; }

    utc_time start_;
    double hour_ = 0;                     ///< of the row that is being changed
    std::map<std::string, double> first_; ///< counters when the month began
    double stuck_ = 0;
    std::optional<row> told_;
};

} // namespace kilnwatt::plant_month
