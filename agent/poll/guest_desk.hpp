#pragma once

#include "agent/poll/link_guests.hpp"
#include "core/plant_clock.hpp"
#include "protocols/modbus/link.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace kilnwatt::poll {

namespace asio = boost::asio;

/// What a guest writes where its request points to.
struct guest_write {
    modbus::write_function how = modbus::write_function::holding_register;
    std::vector<std::uint16_t> values;
};

/// What a guest wants of a link, and who is told. `done` is called once on the link's executor, or never after leave();
/// but of a write that is under way it is called in any case, so that nothing is written untold.
struct guest_request {
    modbus::read_request at;
    std::function<void(boost::system::error_code, std::vector<std::uint16_t>)> done;
    std::optional<guest_write> write{}; ///< else a read
};

/// The requests of a link's guests and their exchanges. What they do is kept apart from the link's own counts. Lives on
/// the link's executor.
class guest_desk {
public:
    using guest = link_guests::guest;

    /// False when this guest already waits, or too many do.
    [[nodiscard]] bool ask(guest g, guest_request request);
    /// The guest is gone: nothing more is told to it; an exchange under way ends unheard.
    void leave(guest g);
    /// Every guest that waits is told so; the link stops.
    void refuse_all(boost::system::error_code why);

    link_guests& turns() { return turns_; }
    link_guests const& turns() const { return turns_; }

    asio::awaitable<void> serve(guest g, modbus::link& link, plant_clock clock);

    /// `all` without what was done for guests.
    modbus::link_statistics without_guests(modbus::link_statistics all) const;

private:
    static asio::awaitable<result<void>> carry(guest_request const& asked, modbus::link& link,
                                               std::vector<std::uint16_t>& words);

    link_guests turns_;
    std::map<guest, guest_request> requests_;
    modbus::link_statistics counts_; ///< of guests
};

} // namespace kilnwatt::poll
