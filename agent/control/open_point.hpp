#pragma once

#include "agent/control/control_protocol.hpp"
#include "agent/poll/link_poller.hpp"

#include <optional>
#include <span>
#include <string>

namespace kilnwatt::control {

/// A point that the agent's own site file opened, and what somebody sets it to.
struct open_point {
    std::string device;
    std::string name;
    std::string unit; ///< of the value
    double value = 0;

    friend bool operator==(open_point const&, open_point const&) = default;
};

/// The point that a write of `r` sets, its registers exactly. Nothing, with a sentence in `why`, when the site file
/// opened none there or not for this value. Pure.
std::optional<open_point> open_point_of(std::span<poll::polled_device const> devices, control_request const& r,
                                        std::string& why);

/// What became of a write; for the log and the journal.
struct point_written {
    open_point what;
    std::uint32_t user = 0;       ///< who asked for it: uid of the process
    boost::system::error_code ec; ///< none: the device confirmed it

    /// "set to 45 Hz by user 1000", or why not.
    std::string sentence() const;
};

} // namespace kilnwatt::control
