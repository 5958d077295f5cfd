#include "simulator/libmodbus_server.hpp"

#include <modbus/modbus.h>

#include <poll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

namespace kilnwatt::simulator {
namespace {

struct free_context {
    void operator()(modbus_t* c) const { modbus_free(c); }
};
struct free_mapping {
    void operator()(modbus_mapping_t* m) const { modbus_mapping_free(m); }
};
using context_ptr = std::unique_ptr<modbus_t, free_context>;
using mapping_ptr = std::unique_ptr<modbus_mapping_t, free_mapping>;

constexpr int whole_table = 65536;
constexpr std::uint32_t wait_us = libmodbus_wait_ms * 1000;
constexpr std::uint32_t refusal_wait_us = 20'000; ///< libmodbus sleeps so long before it refuses an impossible count

boost::system::error_code last_error()
{
    return {errno, boost::system::generic_category()};
}

/// No call of this context blocks longer than libmodbus_wait_ms.
bool limit_waits(modbus_t* c)
{
    return modbus_set_indication_timeout(c, 0, wait_us) == 0 && modbus_set_byte_timeout(c, 0, wait_us) == 0 &&
           modbus_set_response_timeout(c, 0, refusal_wait_us) == 0;
}

std::uint16_t word_at(std::uint8_t const* bytes)
{
    return static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]);
}

/// Fills the part of the mapping that a read asks for. Returns the exception to answer, 0 for none.
int fill(modbus_mapping_t& mapping, modbus::read_request const& request, served_unit& unit)
{
    std::vector<std::uint16_t> words(request.count);
    if (unit.read(request, words).has_error())
        return MODBUS_EXCEPTION_ILLEGAL_DATA_ADDRESS;
    auto const as_bit = [](std::uint16_t w) { return static_cast<std::uint8_t>(w != 0); };
    switch (request.from) {
    case modbus::table::coils:
        std::transform(words.begin(), words.end(), mapping.tab_bits + request.address, as_bit);
        break;
    case modbus::table::discrete_inputs:
        std::transform(words.begin(), words.end(), mapping.tab_input_bits + request.address, as_bit);
        break;
    case modbus::table::holding_registers:
        std::copy(words.begin(), words.end(), mapping.tab_registers + request.address);
        break;
    case modbus::table::input_registers:
        std::copy(words.begin(), words.end(), mapping.tab_input_registers + request.address);
        break;
    }
    return 0;
}

/// Answers one request as libmodbus delivered it. The plant cannot be commanded: anything but a read is refused.
void answer(modbus_t* c, modbus_mapping_t& mapping, served_unit& unit, std::uint8_t const* message, int length)
{
    auto const header = modbus_get_header_length(c); // the unit is its last byte
    if (length < header + 5)
        return;
    auto const* pdu = message + header;
    if (pdu[0] < 1 || pdu[0] > 4) {
        modbus_reply_exception(c, message, MODBUS_EXCEPTION_ILLEGAL_FUNCTION);
        return;
    }
    modbus::read_request const request{message[header - 1], static_cast<modbus::table>(pdu[0]), word_at(pdu + 1),
                                       word_at(pdu + 3)};
    if (!modbus::is_valid(request)) { // libmodbus knows the limits of the protocol itself
        modbus_reply(c, message, length, &mapping);
        return;
    }
    if (auto const exception = fill(mapping, request, unit); exception != 0)
        modbus_reply_exception(c, message, static_cast<unsigned>(exception));
    else
        modbus_reply(c, message, length, &mapping);
}

} // namespace

struct libmodbus_rtu_unit::context {
    context_ptr modbus;
    mapping_ptr mapping;
};

result<std::unique_ptr<libmodbus_rtu_unit>> libmodbus_rtu_unit::start(std::shared_ptr<served_unit> unit)
{
    auto line = pty::make();
    if (line.has_error())
        return line.error();
    auto c = std::make_unique<context>();
    c->modbus.reset(modbus_new_rtu(line->slave_path().c_str(), 115200, 'N', 8, 1));
    c->mapping.reset(modbus_mapping_new(whole_table, whole_table, whole_table, whole_table));
    if (!c->modbus || !c->mapping || modbus_set_slave(c->modbus.get(), unit->unit()) != 0 ||
        !limit_waits(c->modbus.get()) || modbus_connect(c->modbus.get()) != 0)
        return last_error();
    if (modbus_get_socket(c->modbus.get()) >= FD_SETSIZE) // libmodbus would abort in select()
        return boost::system::error_code{EMFILE, boost::system::generic_category()};
    return std::unique_ptr<libmodbus_rtu_unit>{new libmodbus_rtu_unit{std::move(*line), std::move(unit), std::move(c)}};
}

libmodbus_rtu_unit::libmodbus_rtu_unit(pty line, std::shared_ptr<served_unit> unit, std::unique_ptr<context> c)
    : line_{std::move(line)}, unit_{std::move(unit)}, context_{std::move(c)}
{
    thread_ = std::thread{[this] {
        std::array<std::uint8_t, MODBUS_RTU_MAX_ADU_LENGTH> message;
        while (!stopping_) {
            auto const length = modbus_receive(context_->modbus.get(), message.data());
            if (length > 0 && !unit_->is_silent())
                answer(context_->modbus.get(), *context_->mapping, *unit_, message.data(), length);
            else if (length < 0 && errno != ETIMEDOUT)
                modbus_flush(context_->modbus.get());
        }
    }};
}

libmodbus_rtu_unit::~libmodbus_rtu_unit()
{
    stopping_ = true;
    thread_.join();
    modbus_close(context_->modbus.get());
}

struct libmodbus_tcp_server::context {
    context_ptr modbus;
    mapping_ptr mapping;
    int door = -1;
    std::vector<int> clients;

    ~context()
    {
        close_clients();
        if (door >= 0)
            ::close(door);
    }

    void close_clients()
    {
        for (auto const fd : clients)
            ::close(fd);
        clients.clear();
    }
};

result<std::unique_ptr<libmodbus_tcp_server>> libmodbus_tcp_server::start(std::shared_ptr<served_unit> unit,
                                                                          std::string const& host, std::uint16_t port)
{
    auto c = std::make_unique<context>();
    c->modbus.reset(modbus_new_tcp(host == "localhost" ? "127.0.0.1" : host.c_str(), port));
    c->mapping.reset(modbus_mapping_new(whole_table, whole_table, whole_table, whole_table));
    if (!c->modbus || !c->mapping || !limit_waits(c->modbus.get()))
        return last_error();
    c->door = modbus_tcp_listen(c->modbus.get(), static_cast<int>(clients_max));
    if (c->door < 0)
        return last_error();
    return std::unique_ptr<libmodbus_tcp_server>{new libmodbus_tcp_server{std::move(unit), std::move(c)}};
}

libmodbus_tcp_server::libmodbus_tcp_server(std::shared_ptr<served_unit> unit, std::unique_ptr<context> c)
    : unit_{std::move(unit)}, context_{std::move(c)}, thread_{[this] { run(); }}
{}

libmodbus_tcp_server::~libmodbus_tcp_server()
{
    stopping_ = true;
    thread_.join();
}

void libmodbus_tcp_server::run()
{
    auto& c = *context_;
    std::array<std::uint8_t, MODBUS_TCP_MAX_ADU_LENGTH> message;
    while (!stopping_) {
        std::vector<pollfd> ready{{c.door, POLLIN, 0}};
        for (auto const fd : c.clients)
            ready.push_back({fd, POLLIN, 0});
        auto const count = ::poll(ready.data(), ready.size(), libmodbus_wait_ms);
        bool const down = down_;
        if (down)
            c.close_clients();
        if (count <= 0)
            continue;
        if (ready.front().revents != 0) {
            auto const fd = ::accept4(c.door, nullptr, nullptr, SOCK_CLOEXEC);
            if (fd >= 0 && (down || c.clients.size() >= clients_max || fd >= FD_SETSIZE))
                ::close(fd);
            else if (fd >= 0)
                c.clients.push_back(fd);
        }
        for (std::size_t i = 1; i < ready.size() && !down; ++i) {
            if (ready[i].revents == 0)
                continue;
            modbus_set_socket(c.modbus.get(), ready[i].fd);
            auto const length = modbus_receive(c.modbus.get(), message.data());
            if (length < 0) { // closed, or a stream that cannot be understood
                ::close(ready[i].fd);
                std::erase(c.clients, ready[i].fd);
            } else if (length > 0 && message[6] != unit_->unit()) {
                modbus_reply_exception(c.modbus.get(), message.data(), MODBUS_EXCEPTION_GATEWAY_TARGET);
            } else if (length > 0 && !unit_->is_silent()) {
                answer(c.modbus.get(), *c.mapping, *unit_, message.data(), length);
            }
        }
    }
    modbus_set_socket(c.modbus.get(), -1);
}

} // namespace kilnwatt::simulator
