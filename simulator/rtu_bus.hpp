#pragma once

#include "core/result.hpp"
#include "simulator/libmodbus_server.hpp"
#include "simulator/listener.hpp"
#include "simulator/pty.hpp"
#include "simulator/served_unit.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace kilnwatt::simulator {

namespace asio = boost::asio;

/// RTU units on one pair of wires, each a libmodbus server on a pseudo-terminal of its own, and the master's end of the
/// wires: a TCP port (a gateway that carries RTU frames) or a pseudo-terminal behind a path (a serial line).
///
/// The bus frames the master's bytes and gives a request to the unit it names. (On wires all units hear everything; a
/// libmodbus server that heard another unit's request would wait for that unit's answer and miss its own next request.)
/// What a unit answers goes to the master who spoke last. Nothing is paced to a baud rate. Lives on one executor.
class rtu_bus {
public:
    static constexpr std::size_t clients_max = 4;

    rtu_bus(asio::any_io_executor executor, std::vector<std::shared_ptr<served_unit>> units);
    ~rtu_bus() { stop(); }
    rtu_bus(rtu_bus const&) = delete;
    rtu_bus& operator=(rtu_bus const&) = delete;

    [[nodiscard]] result<void> listen(std::string const& host, std::uint16_t port);
    /// Makes `path` a link to a new pseudo-terminal; stop() removes it.
    [[nodiscard]] result<void> open_line(std::string const& path);
    void stop();

    /// While down nothing passes, and TCP clients are closed.
    void set_down(bool down);

private:
    struct state; ///< shared with the coroutines, which may outlive the bus until the executor has run them out

    [[nodiscard]] result<void> start_units();

    static asio::awaitable<void> accept(std::shared_ptr<state> s);
    static asio::awaitable<void> hear_client(std::shared_ptr<state> s, listener::client client);
    static asio::awaitable<void> hear_line(std::shared_ptr<state> s);
    static asio::awaitable<void> hear_unit(std::shared_ptr<state> s, std::size_t i);

    std::vector<std::shared_ptr<served_unit>> units_;
    std::shared_ptr<state> state_;
};

} // namespace kilnwatt::simulator
