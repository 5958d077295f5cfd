#pragma once

#include "agent/poll/device_health.hpp"
#include "agent/poll/failure_budget.hpp"
#include "agent/poll/poll_schedule.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace kilnwatt::poll {

/// Decides what one link does next: which class of which device is polled, which silent device is probed, or how long
/// to wait. Pure; the link's coroutine obeys and reports back.
///
/// The earliest due goes first, so a shared line is fair. Failing devices take at most a share of the line while there
/// is a healthy one to protect.
class link_agenda {
public:
    enum class task : std::uint8_t { wait, poll, probe };

    struct action {
        task what = task::wait;
        std::size_t device = 0;
        std::size_t group = 0; ///< index of the device's poll class, as given to add_device
        mono_time at{};        ///< wait: until when
    };

    explicit link_agenda(failure_budget budget = failure_budget{}) : budget_{budget} {}

    /// Returns the device's index. One schedule a poll class; at least one.
    std::size_t add_device(device_health::options health, std::vector<poll_schedule> groups);

    /// Replaces the schedules, when a discovery has told what the device has.
    void set_groups(std::size_t device, std::vector<poll_schedule> groups);

    /// `horizon` bounds a wait, for a link with nothing to do.
    action next(mono_time now, milliseconds horizon = milliseconds{60'000});

    void started(std::size_t device, std::size_t group, stamp now);

    /// The exchange brought good values. True when the device's health changed. A device that is back is due at once.
    bool answered(std::size_t device, mono_time now);

    /// It brought nothing and took `took`. True when the health changed.
    bool silent(std::size_t device, mono_time now, milliseconds took, double chance);

    health state(std::size_t device) const { return devices_.at(device).state.state(); }
    std::uint64_t missed(std::size_t device) const;

private:
    struct entry {
        device_health state;
        std::vector<poll_schedule> groups;
    };

    bool failing(entry const& e) const;
    bool somebody_healthy() const;

    std::vector<entry> devices_;
    failure_budget budget_;
};

} // namespace kilnwatt::poll
