#pragma once

#include "core/link_address.hpp"
#include "core/plant_clock.hpp"
#include "core/result.hpp"
#include "drivers/profile.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt::simulator {

namespace asio = boost::asio;

/// A device to serve: which of the plant's devices it is (its name says so), where it answers, and what its registers
/// mean. A SunSpec profile may come without points.
struct served_device {
    std::string name;
    link_address address;
    std::uint8_t unit = 1;
    drivers::profile profile;
};

struct plant_options {
    plant_clock clock;
    std::uint64_t seed = 1;
    std::vector<served_device> devices;
    std::string truth_path;        ///< JSON at stop; "" = none
    std::string truth_series_path; ///< CSV, a line a plant minute; "" = none
    bool inverters_sleep = false;  ///< inverters leave the bus at night
};

/// The ceramics plant on real Modbus: TCP ports, a gateway that carries RTU frames, and a serial line behind a path.
///
/// A TCP port of one device that a hand-written image exists for, every unit of a gateway and every unit of a line are
/// served by libmodbus, all else by our own codec. All calls on the executor's thread.
class plant_server {
public:
    plant_server(asio::any_io_executor executor, plant_options options);
    ~plant_server();
    plant_server(plant_server const&) = delete;
    plant_server& operator=(plant_server const&) = delete;

    /// Opens every port and line. On failure nothing stays open and `why` is a sentence without full stop.
    [[nodiscard]] result<void> start(std::string& why);
    /// Closes all and writes the truth. A truth that cannot be written is an error; `why` as above.
    [[nodiscard]] result<void> stop(std::string& why);
    /// The same for those who cannot be helped any more.
    void stop();

    /// The device stops answering, or answers again. False for a name that is not served.
    bool set_silent(std::string_view device, bool silent);
    /// The link of the device is cut, or whole again. False for a name that is not served.
    bool set_link_down(std::string_view device, bool down);

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace kilnwatt::simulator
