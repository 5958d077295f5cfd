#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace kilnwatt::control {

/// Talks to systemd (sd_notify(3)); every call does nothing when no service manager listens.
namespace service_notify {

void ready(std::string const& status);
void stopping();
void status(std::string const& text);
void alive(); ///< feeds the watchdog

/// The watchdog's limit, when the unit has one.
std::optional<std::chrono::microseconds> watchdog();

} // namespace service_notify

} // namespace kilnwatt::control
