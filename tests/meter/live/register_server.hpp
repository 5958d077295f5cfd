#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>

namespace kilnwatt::test {

/// A Modbus TCP device that is not ours: libmodbus with 1,000 holding registers and coils that can be written. Register
/// n holds n at first. Unit 1 and any other number.
class register_server {
public:
    explicit register_server(int port);
    ~register_server();
    register_server(register_server const&) = delete;

    std::uint16_t holding(int address) const;
    bool coil(int address) const;
    /// Requests that changed something, in whatever function.
    int writes() const { return writes_; }

private:
    struct device;
    void run();

    std::unique_ptr<device> device_;
    std::atomic<int> writes_ = 0;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

} // namespace kilnwatt::test
