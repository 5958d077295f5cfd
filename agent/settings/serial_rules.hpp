#pragma once

#include "core/link_address.hpp"

#include <string>

namespace kilnwatt::settings {

struct serial_objection {
    std::string message; ///< "" = none
    std::string remedy;
};

/// A baud rate that termios lacks, or characters that Modbus RTU cannot use.
serial_objection serial_fault(serial_format const& format);

/// "19200 baud 8E1"
std::string show(serial_format const& format);

} // namespace kilnwatt::settings
