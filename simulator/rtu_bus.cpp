#include "simulator/rtu_bus.hpp"

#include "protocols/modbus/rtu_framing.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace kilnwatt::simulator {
namespace {

using asio::posix::stream_descriptor;
constexpr auto with_error = asio::as_tuple(asio::use_awaitable);
using chunk = std::array<std::uint8_t, 512>;

/// A wire that is full loses what is written to it, so the executor never waits for one.
std::shared_ptr<stream_descriptor> make_wire(asio::any_io_executor executor, int fd)
{
    auto wire = std::make_shared<stream_descriptor>(std::move(executor), fd);
    wire->non_blocking(true);
    return wire;
}

/// Bytes of one master on their way to the units; what is no request by then is dropped as noise.
constexpr std::size_t unheard_max = 4096;

} // namespace

struct rtu_bus::state {
    struct station {
        std::unique_ptr<libmodbus_rtu_unit> unit;
        std::uint8_t address;
        std::shared_ptr<stream_descriptor> wire;
    };

    explicit state(asio::any_io_executor executor) : door{std::move(executor)} {}

    void pass_requests(std::vector<std::uint8_t>& heard);
    void close();

    listener door;
    listener::client speaker; ///< the TCP client who spoke last
    std::optional<pty> line;
    std::shared_ptr<stream_descriptor> line_wire;
    std::string line_path;
    std::vector<station> stations;
    bool down = false;
};

/// Gives every whole request at the front of `heard` to its unit and drops it.
void rtu_bus::state::pass_requests(std::vector<std::uint8_t>& heard)
{
    for (;;) {
        auto const scan = modbus::first_rtu_request(heard);
        if (scan.found && !down) {
            auto const size = 1 + scan.pdu.size() + 2; // the frame as the master sent it, checksum included
            auto const frame = asio::buffer(heard.data() + scan.size - size, size);
            for (auto& s : stations)
                if (s.address == scan.unit) {
                    boost::system::error_code lost;
                    s.wire->write_some(frame, lost);
                }
        }
        heard.erase(heard.begin(), heard.begin() + static_cast<std::ptrdiff_t>(scan.size));
        if (!scan.found)
            break;
    }
    if (heard.size() > unheard_max)
        heard.clear();
}

void rtu_bus::state::close()
{
    door.close();
    speaker.reset();
    boost::system::error_code ignored;
    for (auto& s : stations)
        s.wire->close(ignored);
    stations.clear();
    if (line_wire)
        line_wire->close(ignored);
    if (line)
        unlink_path(line_path, line->slave_path());
    line.reset();
}

rtu_bus::rtu_bus(asio::any_io_executor executor, std::vector<std::shared_ptr<served_unit>> units)
    : units_{std::move(units)}, state_{std::make_shared<state>(std::move(executor))}
{}

result<void> rtu_bus::start_units()
{
    for (auto const& u : units_) {
        auto started = libmodbus_rtu_unit::start(u);
        if (started.has_error())
            return started.error();
        auto wire = make_wire(state_->door.executor(), (*started)->line().release_master());
        state_->stations.push_back({std::move(*started), u->unit(), std::move(wire)});
    }
    for (std::size_t i = 0; i < state_->stations.size(); ++i)
        asio::co_spawn(state_->door.executor(), hear_unit(state_, i), asio::detached);
    return {};
}

result<void> rtu_bus::listen(std::string const& host, std::uint16_t port)
{
    if (auto const opened = state_->door.open(host, port); opened.has_error())
        return opened.error();
    if (auto const started = start_units(); started.has_error())
        return started.error();
    asio::co_spawn(state_->door.executor(), accept(state_), asio::detached);
    return {};
}

result<void> rtu_bus::open_line(std::string const& path)
{
    auto line = pty::make();
    if (line.has_error())
        return line.error();
    if (auto const linked = link_path(path, line->slave_path()); linked.has_error())
        return linked.error();
    state_->line = std::move(*line);
    state_->line_path = path;
    state_->line_wire = make_wire(state_->door.executor(), state_->line->release_master());
    if (auto const started = start_units(); started.has_error())
        return started.error();
    asio::co_spawn(state_->door.executor(), hear_line(state_), asio::detached);
    return {};
}

void rtu_bus::stop()
{
    state_->close();
}

void rtu_bus::set_down(bool down)
{
    state_->down = down;
    state_->door.set_down(down);
}

asio::awaitable<void> rtu_bus::accept(std::shared_ptr<state> s)
{
    while (auto client = co_await s->door.next(clients_max))
        asio::co_spawn(s->door.executor(), hear_client(s, client), asio::detached);
}

asio::awaitable<void> rtu_bus::hear_client(std::shared_ptr<state> s, listener::client client)
{
    chunk bytes;
    std::vector<std::uint8_t> heard;
    for (;;) {
        auto const [error, size] = co_await client->async_read_some(asio::buffer(bytes), with_error);
        if (error)
            break;
        s->speaker = client;
        heard.insert(heard.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
        s->pass_requests(heard);
    }
    s->door.drop(client);
    if (s->speaker == client)
        s->speaker.reset();
}

asio::awaitable<void> rtu_bus::hear_line(std::shared_ptr<state> s)
{
    chunk bytes;
    std::vector<std::uint8_t> heard;
    auto const wire = s->line_wire;
    for (;;) {
        auto const [error, size] = co_await wire->async_read_some(asio::buffer(bytes), with_error);
        if (error)
            co_return;
        if (s->line)
            s->line->end_exclusive_use();
        heard.insert(heard.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
        s->pass_requests(heard);
    }
}

asio::awaitable<void> rtu_bus::hear_unit(std::shared_ptr<state> s, std::size_t i)
{
    chunk bytes;
    auto const wire = s->stations[i].wire;
    for (;;) {
        auto const [error, size] = co_await wire->async_read_some(asio::buffer(bytes), with_error);
        if (error)
            co_return;
        auto const answer = asio::buffer(bytes.data(), size);
        if (s->down)
            continue;
        if (auto const master = s->speaker) {
            co_await asio::async_write(*master, answer, with_error);
        } else if (s->line_wire) {
            boost::system::error_code lost;
            s->line_wire->write_some(answer, lost);
        }
    }
}

} // namespace kilnwatt::simulator
