#include "protocols/modbus/tcp_framing.hpp"

#include <algorithm>

namespace kilnwatt::modbus {
namespace {

constexpr std::size_t length_at = 4;
constexpr std::size_t before_length_counts = 6; ///< bytes of the header that its length field does not count
constexpr std::size_t length_min = 2;           ///< unit and function code
constexpr std::size_t length_max = 1 + pdu_max;

} // namespace

result<std::optional<tcp_frame>> first_tcp_frame(byte_view bytes)
{
    if (bytes.size() > 2 && (bytes[2] != 0 || (bytes.size() > 3 && bytes[3] != 0)))
        return errc::malformed_reply;
    if (bytes.size() < before_length_counts)
        return std::optional<tcp_frame>{};
    std::size_t const length = get_u16(bytes, length_at);
    if (length < length_min || length > length_max)
        return errc::malformed_reply;
    auto const size = before_length_counts + length;
    if (bytes.size() < size)
        return std::optional<tcp_frame>{};
    return std::optional{
        tcp_frame{get_u16(bytes, 0), bytes[6], bytes.subspan(tcp_header_size, length - 1), size}};
}

std::size_t encode_tcp(std::uint16_t transaction, std::uint8_t unit, byte_view pdu,
                       std::span<std::uint8_t, tcp_frame_max> out) noexcept
{
    put_u16(out, 0, transaction);
    put_u16(out, 2, 0);
    put_u16(out, length_at, static_cast<std::uint16_t>(1 + pdu.size()));
    out[6] = unit;
    std::ranges::copy(pdu, out.begin() + tcp_header_size);
    return tcp_header_size + pdu.size();
}

match tcp_matcher::look(byte_view bytes) const
{
    auto const frame = first_tcp_frame(bytes);
    if (frame.has_value())
        return *frame ? judge(**frame) : match{};
    switch (http_or_tls(bytes)) {
    case likeness::yes:
        return {match::kind::not_modbus};
    case likeness::not_yet_known:
        return {match::kind::need_more};
    case likeness::no:
        break;
    }
    return {match::kind::malformed};
}

match tcp_matcher::judge(tcp_frame const& frame) const
{
    auto const function = expected_.function;
    auto const is_exception_reply = frame.pdu[0] == (function | exception_bit);
    if ((!lenient_ && frame.transaction != transaction_) || frame.unit != expected_.unit ||
        (frame.pdu[0] != function && !is_exception_reply))
        return {match::kind::stranger, frame.size};

    auto const bytes = expected_.byte_count;
    auto const well_formed = is_exception_reply
                                 ? frame.pdu.size() == 2
                                 : frame.pdu.size() == expected_.size() && (bytes == 0 || frame.pdu[1] == bytes);
    if (well_formed)
        return {match::kind::reply, frame.size, frame.pdu};
    return {lenient_ ? match::kind::stranger : match::kind::malformed, frame.size};
}

} // namespace kilnwatt::modbus
