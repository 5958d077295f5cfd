#pragma once

#include "protocols/modbus/match.hpp"
#include "protocols/modbus/pdu.hpp"

#include <optional>

/// Modbus RTU frames: unit, PDU and CRC-16. Pure; both sides of the wire. Frame ends are found from the function code,
/// the byte count and the CRC, never from silence, so that a serial line and a gateway's stream have one rule.
/// Source: Modbus over serial line V1.02, 2.5.1 and 6.2.2.
namespace kilnwatt::modbus {

inline constexpr std::size_t rtu_frame_max = 1 + pdu_max + 2;

/// CRC-16/MODBUS; goes on the wire low byte first.
std::uint16_t crc16(byte_view bytes) noexcept;

/// Returns the bytes used of `out`. `pdu` has 1 to pdu_max bytes.
std::size_t encode_rtu(std::uint8_t unit, byte_view pdu, std::span<std::uint8_t, rtu_frame_max> out) noexcept;

/// Server side: the first whole request among the bytes, with noise before it skipped.
struct rtu_request_scan {
    bool found = false;
    std::uint8_t unit = 0;
    byte_view pdu{};
    std::size_t size = 0; ///< bytes to drop from the front after use; also without a request: they are noise
};
rtu_request_scan first_rtu_request(byte_view bytes);

/// Finds the answer to one request in what a line carries: answers of other units, late answers, the request's own
/// echo, noise. An answer is believed only when unit, function, byte count and CRC are all right.
class rtu_matcher {
public:
    /// `echo`: the request's own frame when it comes back first and is to be skipped, else empty. Outlives the matcher.
    rtu_matcher(answer_shape const& expected, byte_view echo) : expected_{expected}, echo_{echo} {}

    match look(byte_view bytes);

private:
    enum class fit : std::uint8_t { no, incomplete, broken, whole };
    struct candidate {
        fit how = fit::no;
        std::size_t size = 0;
    };

    candidate own_at(byte_view bytes) const;
    std::optional<match> answer_after(byte_view bytes, std::size_t first) const;
    bool skip_echo(byte_view bytes, match& found);

    answer_shape expected_;
    byte_view echo_; ///< empty once it was looked for
};

} // namespace kilnwatt::modbus
