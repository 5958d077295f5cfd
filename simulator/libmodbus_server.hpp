#pragma once

#include "core/result.hpp"
#include "simulator/pty.hpp"
#include "simulator/served_unit.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

namespace kilnwatt::simulator {

/// Servers made of libmodbus instead of our own codec, so that the agent talks to a stranger's Modbus. libmodbus
/// blocks, so each has a thread, which ends within so many milliseconds.
inline constexpr int libmodbus_wait_ms = 200;

/// One unit on a serial bus. The bus writes what the master says to line(), and reads there what the unit answers.
class libmodbus_rtu_unit {
public:
    [[nodiscard]] static result<std::unique_ptr<libmodbus_rtu_unit>> start(std::shared_ptr<served_unit> unit);
    ~libmodbus_rtu_unit();

    /// The bus end of the unit's pseudo-terminal.
    pty& line() { return line_; }

private:
    struct context;

    libmodbus_rtu_unit(pty line, std::shared_ptr<served_unit> unit, std::unique_ptr<context> c);

    pty line_;
    std::shared_ptr<served_unit> unit_;
    std::unique_ptr<context> context_;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

/// Modbus TCP for one unit. An address the unit does not have gets exception 2, any other unit exception 11.
class libmodbus_tcp_server {
public:
    static constexpr std::size_t clients_max = 8;

    [[nodiscard]] static result<std::unique_ptr<libmodbus_tcp_server>>
    start(std::shared_ptr<served_unit> unit, std::string const& host, std::uint16_t port);
    ~libmodbus_tcp_server();

    /// While down, connections are closed and new ones are closed at once.
    void set_down(bool down) { down_ = down; }

private:
    struct context;

    libmodbus_tcp_server(std::shared_ptr<served_unit> unit, std::unique_ptr<context> c);
    void run();

    std::shared_ptr<served_unit> unit_;
    std::unique_ptr<context> context_;
    std::atomic<bool> stopping_ = false;
    std::atomic<bool> down_ = false;
    std::thread thread_;
};

} // namespace kilnwatt::simulator
