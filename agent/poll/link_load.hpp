#pragma once

#include "core/time.hpp"
#include "drivers/device.hpp"
#include "drivers/request_cost.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kilnwatt::poll {

/// One class of one device as it will be polled.
struct planned_poll {
    std::string device;
    drivers::poll_class what = drivers::poll_class::fast;
    milliseconds period{1000};
    std::vector<drivers::read_range> requests;
    std::vector<drivers::request_cost> costs; ///< one a request
    bool assumed = false;                     ///< the points are those of assumed SunSpec models
    std::size_t points = 0;                   ///< columns of the row that it brings

    std::chrono::nanoseconds time() const; ///< of one pass
    double share() const;                  ///< of the link's time
};

/// An interval that a link cannot keep.
struct overload {
    drivers::poll_class what = drivers::poll_class::fast; ///< the class that takes most
    milliseconds smallest{0};                             ///< its shortest period that can be met, the others unchanged
    bool all_classes = false;                             ///< even without that class the rest is too much
    double factor = 1.0;                                  ///< all_classes: every period times this can be met
};

/// What the devices of one link ask of it. Pure.
struct link_load {
    std::vector<planned_poll> polls;

    std::chrono::nanoseconds cycle() const; ///< every class of every device once
    double utilisation() const;             ///< 1 = the link is never idle
    std::optional<overload> too_much() const;
};

/// The polls of one device; a SunSpec device whose chain is not known gets assumed models: common, inverter 103, MPPT
/// 160 with two inputs.
std::vector<planned_poll> polls_of(drivers::device const& d, std::span<milliseconds const, 4> periods,
                                   drivers::link_cost const& link);

} // namespace kilnwatt::poll
