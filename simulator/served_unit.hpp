#pragma once

#include "core/result.hpp"
#include "protocols/modbus/pdu.hpp"
#include "simulator/device_image.hpp"
#include "simulator/live_plant.hpp"
#include "simulator/modbus_unit.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>

namespace kilnwatt::simulator {

/// One Modbus unit: a device of the plant with its registers, as they are at the moment of a request. Safe from any
/// thread.
class served_unit final : public modbus_unit {
public:
    served_unit(std::string name, std::uint8_t unit, device_image image, std::shared_ptr<live_plant> plant);

    std::string const& name() const { return name_; }
    std::uint8_t unit() const override { return unit_; }

    /// True when the device does not answer at all: switched off, or an inverter that sleeps at night.
    bool is_silent() override;
    void set_silent(bool silent) { silent_ = silent; }
    /// From now on this inverter leaves the bus while it sleeps; nothing for any other device.
    void sleep_at_night();

    /// The registers at the plant's time now; illegal_data_address when the device does not have all of them.
    [[nodiscard]] result<void> read(modbus::read_request const& request, std::span<std::uint16_t> words) override;

private:
    std::string name_;
    std::uint8_t unit_;
    std::mutex mutex_;
    device_image image_;
    std::shared_ptr<live_plant> plant_;
    std::atomic<bool> silent_ = false;
    std::optional<std::size_t> sleeping_array_;
};

} // namespace kilnwatt::simulator
