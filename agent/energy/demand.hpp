#pragma once

#include "agent/energy/window_grid.hpp"

#include <cstddef>
#include <deque>
#include <optional>

namespace kilnwatt::energy {

class byte_reader;
class byte_writer;

/// Which 15 minutes a supplier means a demand over.
enum class demand_window {
    sliding, ///< the last complete ones, moved on each minute: the usual billing demand
    block,   ///< each quarter of an hour of the clock
};

/// Mean power of 15 minutes, as the supplier's meter takes it.
class demand_meter {
public:
    static constexpr std::size_t minutes = 15;

    explicit demand_meter(demand_window window = demand_window::sliding) : window_{window} {}

    demand_window window() const { return window_; }

    /// Energy of the minute that ends at `end`, kWh, and for how much of it that is known, ms. Minutes come in order.
    void next(double kwh, instant known, instant end);
    void clear(); ///< minutes are missing: the next is the first

    /// kW over the last 15 minutes; nothing before there are so many, and when less than 95 % of them is known.
    std::optional<double> value() const { return value_; }
    /// Did the last minute complete 15? A block's value stands until the next is complete.
    bool is_new() const { return new_; }

    void save(byte_writer& w) const;
    void load(byte_reader& r);

private:
    struct part {
        double kwh = 0;
        instant known = 0;
    };
    std::optional<double> mean() const;

    demand_window window_;
    std::deque<part> last_;
    std::optional<double> value_;
    bool new_ = false;
};

} // namespace kilnwatt::energy
