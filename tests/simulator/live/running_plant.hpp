#pragma once

#include "../plant_devices.hpp"
#include "simulator/plant_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include <unistd.h>

#include <future>
#include <string>
#include <thread>

namespace kilnwatt::simulator {

inline utc_time const noon{std::chrono::sys_days{std::chrono::year{2026} / 6 / 21} + std::chrono::hours{4}};

/// A clock that stands at noon of the plant, so that what is read can be compared with a plant of the same moment.
inline plant_clock clock_at_noon()
{
    auto const machine = std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
    return {noon, machine, 1e-9};
}

/// A port that was free a moment ago.
inline std::uint16_t free_port()
{
    asio::io_context context;
    asio::ip::tcp::acceptor probe{context, {asio::ip::make_address("127.0.0.1"), 0}};
    return probe.local_endpoint().port();
}

inline link_address tcp_address(std::uint16_t port, link_kind kind = link_kind::tcp)
{
    return {.kind = kind, .host = "127.0.0.1", .port = port};
}

inline link_address line_address(std::string const& name)
{
    return {.kind = link_kind::serial,
            .path = "/tmp/kilnwatt-test-" + std::to_string(::getpid()) + "-" + name,
            .serial = {.baud = 19200, .parity = 'E'}};
}

inline served_device device_of(std::string const& name, link_address address, std::uint8_t unit)
{
    std::vector<std::string> mistakes;
    for (auto const& [device, id] : plant_devices)
        if (device == name) {
            auto profile = shipped_profile(id, mistakes);
            CHECK(mistakes == std::vector<std::string>{});
            return {name, std::move(address), unit, std::move(profile)};
        }
    FAIL("no device " << name);
    return {};
}

/// A plant server on a thread of its own; the calls of a test go to that thread.
class running_plant {
public:
    explicit running_plant(plant_options options) : server_{context_.get_executor(), std::move(options)}
    {
        std::string why;
        auto const started = server_.start(why);
        INFO(why);
        REQUIRE(started.has_value());
        thread_ = std::thread{[this] { context_.run(); }};
    }

    ~running_plant()
    {
        context_.stop();
        thread_.join();
        server_.stop();
    }

    /// Runs `f(plant_server&)` on the server's thread and waits for it.
    template <class F>
    void tell(F f)
    {
        std::promise<void> done;
        asio::post(context_, [&] {
            f(server_);
            done.set_value();
        });
        done.get_future().wait();
    }

private:
    asio::io_context context_{1};
    plant_server server_;
    std::thread thread_;
};

} // namespace kilnwatt::simulator
