#pragma once

#include "protocols/modbus/pdu.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace kilnwatt::simulator {

/// The registers and bits a device has, and what is in them; a bit is a word of 0 or 1.
class register_image {
public:
    /// The device has these, 0 at first. Ranges that touch or overlap become one.
    void add(modbus::table t, std::uint16_t address, std::size_t count);

    /// Words to write to; empty when the device does not have all of them.
    std::span<std::uint16_t> at(modbus::table t, std::uint16_t address, std::size_t count);
    std::span<std::uint16_t const> at(modbus::table t, std::uint16_t address, std::size_t count) const;

private:
    struct block {
        std::size_t address;
        std::vector<std::uint16_t> words;
    };
    using blocks = std::vector<block>; ///< by address, with gaps between

    std::array<blocks, 4> tables_;
};

} // namespace kilnwatt::simulator
