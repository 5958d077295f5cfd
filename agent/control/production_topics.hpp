#pragma once

#include "agent/publish/transport.hpp"
#include "agent/publish/wake_up.hpp"
#include "agent/settings/site.hpp"
#include "core/plant_clock.hpp"
#include "core/row.hpp"
#include "protocols/mqtt/session.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace kilnwatt::control {

/// The topics of one broker on which production comes in: each message is the running total of a production device, or
/// what it made since the last one, and becomes its reading. A connection of its own, so that a sink's window and order
/// stay as they are; it comes back by itself, at the next of its servers, and by MQTT 3.1.1 where MQTT 5 is refused. At
/// most one reading a second a device: of a burst the first and the last count.
///
/// Lives on one executor. Destroy it after stop().
class production_topics {
public:
    struct handlers {
        std::function<void(row)> read;
        /// A message that was refused, a broker that cannot be reached: once when it begins.
        std::function<void(std::string const& device, std::string const& sentence)> complain;
        /// The connection that brought it is gone, or it is silent. May be empty, as those below.
        std::function<void(std::string const& device)> offline{};
        /// No message for its `stale_after`, or one again.
        std::function<void(std::string const& device, bool silent)> silent{};
        /// What recall() is to give back after a restart: the sum of increments.
        std::function<void(std::string const& device, std::string memory)> remember{};
        std::function<std::string(std::string const& device)> recall{};
    };
    struct broker {
        publish::transport_factory connections;
        std::size_t servers = 1; ///< it can be reached at
        int version = mqtt::mqtt_5;
    };

    production_topics(boost::asio::any_io_executor executor, broker from,
                      std::vector<settings::production_settings> topics, plant_clock clock, handlers h);
    ~production_topics();
    production_topics(production_topics const&) = delete;
    production_topics& operator=(production_topics const&) = delete;

    void start();
    boost::asio::awaitable<void> stop();

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace kilnwatt::control
