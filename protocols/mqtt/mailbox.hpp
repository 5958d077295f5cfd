#pragma once

#include "protocols/mqtt/event.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace kilnwatt::mqtt {

/// The way from Paho's threads to the executor. Events wait here in their order; one posted function hands over all
/// that came meanwhile, so a burst of acknowledgements wakes the executor once.
///
/// Bounded: inbound messages by `messages_max`, answers by the requests that are outstanding. After close() returns no
/// thread touches the executor any more.
class mailbox : public std::enable_shared_from_this<mailbox> {
public:
    using handler = std::function<void(std::uint64_t epoch, event&)>;

    /// `handle` runs on the executor, for each event, until close().
    mailbox(asio::any_io_executor executor, handler handle, int messages_max = inbound_max);

    /// From any thread. `epoch` tells which connection it is about.
    void put(std::uint64_t epoch, event e);

    /// On the executor. What has not been handed over is discarded.
    void close();

    /// Messages that found `messages_max` others waiting or were larger than inbound_bytes_max.
    std::uint64_t dropped() const;

private:
    struct item {
        std::uint64_t epoch;
        event what;
    };

    void hand_over();

    mutable std::mutex mutex_;
    asio::any_io_executor executor_;
    handler handle_;
    std::vector<item> waiting_;
    int messages_max_;
    int messages_ = 0; ///< of waiting_
    bool posted_ = false;
    bool open_ = true;
    std::uint64_t dropped_ = 0;
};

} // namespace kilnwatt::mqtt
