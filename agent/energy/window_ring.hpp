#pragma once

#include "agent/energy/window_grid.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace kilnwatt::energy {

/// The one-minute windows that are still open. Closing runs `close_delay` behind the readings, so a fixed number of
/// them is enough: see open_windows().
template <class T>
class window_ring {
public:
    explicit window_ring(std::size_t size) : slots_(size) {}

    /// The window that holds `t`.
    T& at(instant t) { return slots_[static_cast<std::size_t>(t / minute) % slots_.size()]; }
    T const& at(instant t) const { return slots_[static_cast<std::size_t>(t / minute) % slots_.size()]; }

    /// Takes the window that holds `t` out and leaves an empty one for a later minute.
    T take(instant t) { return std::exchange(at(t), T{}); }

    std::size_t size() const { return slots_.size(); }

private:
    std::vector<T> slots_;
};

/// How many one-minute windows can be open when each closes `delay` ms after its end.
constexpr std::size_t open_windows(instant delay)
{
    return static_cast<std::size_t>(1 + (delay + minute - 1) / minute);
}

} // namespace kilnwatt::energy
