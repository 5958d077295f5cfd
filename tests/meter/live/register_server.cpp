#include "register_server.hpp"

#include <modbus/modbus.h>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <mutex>
#include <stdexcept>
#include <vector>

namespace kilnwatt::test {
namespace {

constexpr int registers = 1'000;
constexpr int look_ms = 20;

bool is_write(std::uint8_t function)
{
    return function == 5 || function == 6 || function == 15 || function == 16;
}

} // namespace

struct register_server::device {
    std::unique_ptr<modbus_t, decltype(&modbus_free)> modbus{nullptr, &modbus_free};
    std::unique_ptr<modbus_mapping_t, decltype(&modbus_mapping_free)> mapping{nullptr, &modbus_mapping_free};
    int door = -1;
    std::vector<int> clients;
    mutable std::mutex mutex; ///< of the mapping

    ~device()
    {
        for (auto const fd : clients)
            ::close(fd);
        if (door >= 0)
            ::close(door);
    }
};

register_server::register_server(int port) : device_{std::make_unique<device>()}
{
    auto& d = *device_;
    d.modbus.reset(modbus_new_tcp("127.0.0.1", port));
    d.mapping.reset(modbus_mapping_new(registers, registers, registers, registers));
    d.door = d.modbus && d.mapping ? modbus_tcp_listen(d.modbus.get(), 4) : -1;
    if (d.door < 0)
        throw std::runtime_error{"no libmodbus server"};
    for (int i = 0; i < registers; ++i)
        d.mapping->tab_registers[i] = static_cast<std::uint16_t>(i);
    thread_ = std::thread{[this] { run(); }};
}

register_server::~register_server()
{
    stopping_ = true;
    thread_.join();
}

std::uint16_t register_server::holding(int address) const
{
    std::lock_guard const lock{device_->mutex};
    return device_->mapping->tab_registers[address];
}

bool register_server::coil(int address) const
{
    std::lock_guard const lock{device_->mutex};
    return device_->mapping->tab_bits[address] != 0;
}

void register_server::run()
{
    auto& d = *device_;
    std::array<std::uint8_t, MODBUS_TCP_MAX_ADU_LENGTH> message{};
    while (!stopping_) {
        std::vector<pollfd> ready{{d.door, POLLIN, 0}};
        for (auto const fd : d.clients)
            ready.push_back({fd, POLLIN, 0});
        if (::poll(ready.data(), ready.size(), look_ms) <= 0)
            continue;
        if (ready.front().revents != 0)
            d.clients.push_back(::accept4(d.door, nullptr, nullptr, SOCK_CLOEXEC));
        for (std::size_t i = 1; i < ready.size(); ++i) {
            if (ready[i].revents == 0)
                continue;
            modbus_set_socket(d.modbus.get(), ready[i].fd);
            auto const length = modbus_receive(d.modbus.get(), message.data());
            if (length < 0) {
                ::close(ready[i].fd);
                std::erase(d.clients, ready[i].fd);
            } else if (length > 0) {
                std::lock_guard const lock{d.mutex};
                writes_ += is_write(message[7]) ? 1 : 0;
                modbus_reply(d.modbus.get(), message.data(), length, d.mapping.get());
            }
        }
    }
    modbus_set_socket(d.modbus.get(), -1);
}

} // namespace kilnwatt::test
