#pragma once

#include "agent/energy/plant_model.hpp"
#include "core/row.hpp"

#include <set>
#include <string>
#include <vector>

namespace kilnwatt::energy {

class byte_reader;
class byte_writer;

/// Something that does not fit in an hour of the plant, with both numbers.
struct finding {
    std::string kind;    ///< "stuck", "energy_mismatch", "heat_mismatch", "reversed_meter", "reversed_flow_or_sensors",
                         ///< "voltage_unbalance", "balance_error"
    std::string subject; ///< device, or "site"
    std::string message;
};

/// Compares what the devices of a plant say of one hour with each other: a counter with the integral of its power, heat
/// with its temperatures, sources with uses. A finding is told when it begins, and again only after an hour without it.
class hour_watch {
public:
    /// The rows of one hour: windows of devices, and the plant's figures.
    std::vector<finding> look(plant_model const& m, std::vector<row> const& rows);

    void save(byte_writer& w) const;
    void load(byte_reader& r);

private:
    std::set<std::string> raised_; ///< kind and subject of what held in the last hour
};

} // namespace kilnwatt::energy
