#include "agent/control/service_notify.hpp"

#include <systemd/sd-daemon.h>

#include <cstdint>

namespace kilnwatt::control::service_notify {

void ready(std::string const& text)
{
    sd_notify(0, ("READY=1\nSTATUS=" + text).c_str());
}

void stopping()
{
    sd_notify(0, "STOPPING=1\nSTATUS=Stopping");
}

void status(std::string const& text)
{
    sd_notify(0, ("STATUS=" + text).c_str());
}

void alive()
{
    sd_notify(0, "WATCHDOG=1");
}

std::optional<std::chrono::microseconds> watchdog()
{
    std::uint64_t limit_us = 0;
    if (sd_watchdog_enabled(0, &limit_us) <= 0)
        return std::nullopt;
    return std::chrono::microseconds{limit_us};
}

} // namespace kilnwatt::control::service_notify
