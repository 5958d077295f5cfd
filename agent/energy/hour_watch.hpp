#pragma once

#include "agent/energy/finding.hpp"
#include "agent/energy/plant_model.hpp"
#include "core/row.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::energy {

class byte_reader;
class byte_writer;

/// Compares what the devices of a plant say of one hour with each other: a counter with the integral of its power, heat
/// with its temperatures, phases with their sum, inverters with the meter of their feeder, sources with uses; and looks
/// at the load of transformers, of an hour and of a week.
class hour_watch {
public:
    /// The rows of one hour: windows of devices, and the plant's figures. What is new comes back.
    std::vector<finding> look(plant_model const& m, std::vector<row> const& rows);

    /// Figures of the plant that lean on what did not fit in that hour.
    std::vector<std::string> const& doubted() const { return doubted_; }

    void save(byte_writer& w) const;
    void load(byte_reader& r);

private:
    /// Loads of a transformer since the last week was full.
    struct week {
        double sum = 0; ///< of the hours' shares of the rating
        std::uint32_t hours = 0;
    };
    void look_at_week(device_model const& d, row const& r, std::vector<finding>& found);

    finding_book told_;
    std::map<std::string, week> weeks_; ///< by transformer
    std::vector<std::string> doubted_;
};

/// Share of a transformer's rating in a window; nothing without plate, or when it is not sure.
std::optional<double> load_rate(device_model const& d, row const& window);

} // namespace kilnwatt::energy
