#pragma once

#include "agent/poll/failure_budget.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <deque>
#include <optional>

namespace kilnwatt::poll {

/// Requests of guests (people at the command line) between the polls of a link: who is served when, and whether polling
/// is paused for one of them. Pure; the link's coroutine obeys.
///
/// Guests together take at most guest_share of the link's time, one request each at a time, in the order they came. A
/// lease pauses polling for its holder, who is then served at once; others wait. It ends by itself.
class link_guests {
public:
    using guest = std::uint64_t;

    static constexpr double guest_share = 0.2;
    static constexpr milliseconds guest_reserve{500}; ///< what a guest may take at once on a link left alone
    static constexpr milliseconds lease_max{600'000};
    static constexpr std::size_t waiting_max = 16;

    /// False when this guest already waits, or too many do.
    [[nodiscard]] bool ask(guest g);
    /// The guest is gone: it waits no more and its lease is over.
    void leave(guest g);

    /// False when another guest has the lease. A holder may renew.
    [[nodiscard]] bool lease(guest g, mono_time now, milliseconds lasts);
    void end_lease(guest g);
    /// Until when polling is paused; nothing when it is not.
    std::optional<mono_time> leased_until(mono_time now) const;
    bool is_leased_to(guest g) const { return holder_ == g; }

    struct action {
        std::optional<guest> serve;          ///< now; then served()
        std::optional<mono_time> not_before; ///< somebody waits, but only then may be served
    };
    action next(mono_time now);

    /// The request of `g` took so long.
    void served(guest g, mono_time now, milliseconds took);

private:
    std::deque<guest> waiting_;
    failure_budget budget_{guest_share, guest_reserve};
    std::optional<guest> holder_;
    mono_time lease_end_{};
};

} // namespace kilnwatt::poll
