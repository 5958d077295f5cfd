#include "protocols/modbus/pdu.hpp"

#include <algorithm>
#include <cstdlib>

using namespace kilnwatt::modbus;

/// Any bytes as a request, and as the reply to that request. What is understood goes back to the same bytes.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    constexpr std::size_t request_size = request_pdu{}.size();
    byte_view const bytes{data, size};
    auto const request = parse_request(1, bytes.first(std::min(size, request_size)));
    if (request.has_error())
        return is_exception(request.error()) ? 0 : (std::abort(), 0);
    if (!is_valid(*request) || !std::ranges::equal(encode_request(*request), bytes.first(request_size)))
        std::abort();
    std::array<std::uint16_t, bits_max> words{};
    auto const reply = bytes.subspan(request_size);
    if (parse_reply(*request, reply, words).has_error())
        return 0;
    std::array<std::uint8_t, pdu_max> again{};
    auto const n = encode_reply(*request, words, again);
    auto const registers = request->from == table::holding_registers || request->from == table::input_registers;
    if (n != reply.size() || (registers && !std::ranges::equal(byte_view{again}.first(n), reply)))
        std::abort();
    return 0;
}
