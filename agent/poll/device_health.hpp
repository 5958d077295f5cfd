#pragma once

#include "core/time.hpp"

#include <cstdint>
#include <string_view>

namespace kilnwatt::poll {

enum class health : std::uint8_t {
    unknown, ///< never answered, not yet given up
    online,
    suspect, ///< the last poll failed
    offline,
    asleep, ///< silent, and its kind may be: an inverter at night is no fault
};

std::string_view to_string(health h) noexcept;

/// Health of one device: a pure state machine over answers and silences, with time and chance as arguments.
///
/// While offline or asleep the device costs one cheap probe at probe_due() and nothing else. Within `early` a probe
/// starts so often that a device that is back, asked and read, gives readings within 2 s, if it is given up within 1 s.
class device_health {
public:
    struct options {
        milliseconds period{1000}; ///< of its fastest class
        int failures_to_offline = 2;
        bool may_sleep = false;
        milliseconds probe_min{1000};   ///< shortest time from the start of one probe to the next
        milliseconds probe_early{1800}; ///< longest within `early`
        milliseconds probe_rest{500};   ///< shortest time from the end of one probe to the next
        milliseconds early{60'000};
        milliseconds probe_max{30'000};
    };

    explicit device_health(options o) : options_{o} {}

    health state() const { return state_; }
    bool is_down() const { return state_ == health::offline || state_ == health::asleep; }
    /// Only meaningful while is_down().
    mono_time probe_due() const { return probe_due_; }

    /// The device gave a good reading. True when the state changed.
    bool on_answer();

    /// A poll or probe that took `took` brought nothing. `chance` in [0, 1) spreads the probes. True when the state
    /// changed.
    bool on_silence(mono_time now, milliseconds took, double chance);

private:
    void schedule_probe(mono_time now, milliseconds took, double chance);

    options options_;
    health state_ = health::unknown;
    int failures_ = 0;
    int late_probes_ = 0; ///< since `early` ended
    mono_time down_since_{};
    mono_time probe_due_{};
};

} // namespace kilnwatt::poll
