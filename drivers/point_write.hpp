#pragma once

#include "drivers/profile.hpp"
#include "protocols/modbus/write_pdu.hpp"

#include <optional>
#include <string>
#include <vector>

/// Writing a point that the site file opened. Pure; polling knows nothing of it.
namespace kilnwatt::drivers {

/// What makes a device take a value of a point.
struct point_write {
    modbus::write_function how = modbus::write_function::holding_register;
    std::uint16_t address = 0;
    std::vector<std::uint16_t> values;
    double value = 0; ///< that the registers say, in the canonical unit: next to what was wanted

    /// Valid as long as this lives.
    modbus::write_request to(std::uint8_t unit) const { return {unit, how, address, values}; }
};

/// Why a point of this kind is never written, whatever a site file says; "" when it can be opened.
std::string_view why_never_written(point const& p) noexcept;

/// The registers (or the coil) for `v`, in the canonical unit. Nothing, with a sentence in `why`, when the point is not
/// opened, `v` is outside its bounds, or no pattern of its type comes nearer than half a step. `multiple`: function
/// code 16 (15) also for one register (coil); some devices know no other.
std::optional<point_write> write_of(point const& p, double v, bool multiple, std::string& why);

/// Which value `request` gives the point: nothing when it writes something else, the point is not opened (no sentence),
/// or the value may not be written (with a sentence in `why`). For who does not trust where the request comes from.
std::optional<double> written_value(point const& p, modbus::write_request const& request, std::string& why);

/// How a table's values are written: 6 or 16, 5 or 15.
modbus::write_function function_for(modbus::table t, std::size_t values, bool multiple) noexcept;

} // namespace kilnwatt::drivers
