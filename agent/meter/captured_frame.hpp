#pragma once

#include "protocols/modbus/bytes.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt::meter {

/// One Modbus frame somebody captured, as far as it can be understood without knowing what came before it.
struct captured_frame {
    bool is_tcp = false;
    bool is_request = false;
    std::uint16_t transaction = 0; ///< TCP
    std::uint8_t unit = 0;
    std::uint8_t function = 0;  ///< without the exception bit
    std::uint8_t exception = 0; ///< 0 = none
    std::optional<std::uint16_t> address;
    std::optional<std::uint16_t> count;
    std::vector<std::uint16_t> words; ///< registers carried; of functions 1, 2, 5 and 15 bits (0 or 1)
};

inline constexpr std::size_t capture_max = 65536; ///< bytes

/// Reads "01 03 04 4248147B E1A2", "0x01,0x03", with or without spaces. Nothing, with the reason in `why`, when a
/// character is no hexadecimal digit, the digits do not pair up, or there are more than capture_max.
std::optional<std::vector<std::uint8_t>> bytes_of_text(std::string_view text, std::string& why);

/// The frames one after the other: Modbus TCP when the header fits, else RTU with a right checksum. Nothing, with one
/// reason in `why`, when a frame is broken. What reads both as request and as answer counts as a request when no
/// request stands before it.
std::optional<std::vector<captured_frame>> frames_of(modbus::byte_view bytes, std::string& why);

/// "answer of unit 1: read holding registers (3), 2 registers"
std::string to_string(captured_frame const& f);

} // namespace kilnwatt::meter
