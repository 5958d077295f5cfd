#pragma once

#include "core/result.hpp"
#include "protocols/modbus/match.hpp"
#include "protocols/modbus/pdu.hpp"

#include <optional>

/// Modbus TCP frames: the MBAP header (transaction, protocol 0, length, unit) and a PDU. Pure; both sides of the wire.
/// Source: Modbus messaging on TCP/IP implementation guide V1.0b, 3.1.3.
namespace kilnwatt::modbus {

inline constexpr std::size_t tcp_header_size = 7;
inline constexpr std::size_t tcp_frame_max = tcp_header_size + pdu_max;

struct tcp_frame {
    std::uint16_t transaction = 0;
    std::uint8_t unit = 0;
    byte_view pdu{};
    std::size_t size = 0; ///< of the whole frame
};

/// The frame at the front of `bytes`; nothing while it is incomplete; malformed_reply when no frame can begin so,
/// after which the stream cannot be understood any more.
[[nodiscard]] result<std::optional<tcp_frame>> first_tcp_frame(byte_view bytes);

/// Returns the bytes used of `out`. `pdu` has 1 to pdu_max bytes.
std::size_t encode_tcp(std::uint16_t transaction, std::uint8_t unit, byte_view pdu,
                       std::span<std::uint8_t, tcp_frame_max> out) noexcept;

/// Finds the answer to one request in a stream of frames.
///
/// A frame of another transaction, unit or function is a stranger; a frame of ours with an impossible length is
/// malformed. malformed with size 0 means that the stream itself is broken.
class tcp_matcher {
public:
    /// `lenient`: the transaction is not compared, for gateways that do not echo it.
    tcp_matcher(answer_shape const& expected, std::uint16_t transaction, bool lenient)
        : expected_{expected}, transaction_{transaction}, lenient_{lenient}
    {}

    match look(byte_view bytes) const;

private:
    match judge(tcp_frame const& frame) const;

    answer_shape expected_;
    std::uint16_t transaction_;
    bool lenient_;
};

} // namespace kilnwatt::modbus
