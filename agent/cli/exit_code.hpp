#pragma once

namespace kilnwatt::cli {

/// Documented in `kilnwatt help exit-codes`; scripts depend on these numbers.
enum class exit_code {
    ok = 0,
    failure = 1,       ///< something went wrong that is none of the others
    usage = 2,         ///< the command line is wrong
    bad_config = 3,    ///< the site file, a profile or an imported table has mistakes
    device_silent = 4, ///< a device did not answer
    not_fresh = 5,     ///< watch: a device's figures did not arrive in time
    unreachable = 6,   ///< the connection or the serial port could not be opened, or no Modbus is spoken there
    refused = 7,       ///< the device, or the agent, answered that it does not have or do what was asked
    bad_frame = 8,     ///< meter decode: the frame is broken
    interrupted = 9,   ///< Ctrl-C; what was found until then is printed
    not_proven = 10,   ///< baseline, savings: the data does not support the claim
};

} // namespace kilnwatt::cli
