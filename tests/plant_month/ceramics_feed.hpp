#pragma once

#include "agent/energy/plant_model.hpp"
#include "core/row.hpp"
#include "simulator/plant.hpp"
#include "simulator/point_source.hpp"
#include "tests/support/places.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt::plant_month {

inline constexpr milliseconds close_delay{45'000}; ///< for devices that answer each 30 s or more often

/// The plant of config/examples/ceramics-plant.toml as its site file declares it.
energy::plant_model ceramics_model(std::string const& file = KILNWATT_SOURCE_DIR
                                   "/config/examples/ceramics-plant.toml");

/// Readings of all its devices as the drivers would have decoded them, straight from the simulator's physics: no
/// socket, no clock. Every device answers once in `period`, at its own moment.
class ceramics_feed {
public:
    ceramics_feed(std::uint64_t seed, utc_time start, milliseconds period);

    /// How the column of a point is kept, instead of a double in the canonical unit.
    void keep_as(std::string_view device, std::string_view point, value_kind kind, double scale);

    /// The devices' answers of the next period, in order of time.
    using taker = std::function<void(row&&)>;
    void next_period(taker const& take);

    utc_time now() const { return now_; }
    simulator::plant const& plant() const { return plant_; }

private:
    struct device {
        layout_ptr layout;
        std::vector<simulator::number_source> sources;
    };

    simulator::plant plant_;
    utc_time now_;
    milliseconds period_;
    std::vector<device> devices_;
};

/// The stamp of a moment by a clock that never steps.
stamp stamp_of(utc_time t);

std::size_t column_of(row const& r, std::string_view point);

} // namespace kilnwatt::plant_month
