#pragma once

#include "core/row.hpp"

#include <optional>
#include <string>

namespace kilnwatt {

/// A meter that was taken out and the one that took its place, as somebody read them at the exchange.
struct meter_exchange {
    std::string device;
    std::string point; ///< the counter, for example "active_energy_import"
    std::string unit;  ///< the point's own, of both readings
    utc_time at{};
    double final_reading = 0; ///< of the old meter
    double first_reading = 0; ///< of the new one
    std::string source;
    std::string author;

    friend bool operator==(meter_exchange const&, meter_exchange const&) = default;
};

/// A row of the device's stream entry, and back; nothing for any other row.
row to_row(meter_exchange const& x);
std::optional<meter_exchange> exchange_of(row const& r);

} // namespace kilnwatt
