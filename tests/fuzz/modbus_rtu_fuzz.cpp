#include "protocols/modbus/rtu_framing.hpp"
#include "tests/fuzz/exchange_fuzz.hpp"

using namespace kilnwatt;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    fuzz::play_exchange(modbus::framing::rtu, data, size);
    auto const scan = modbus::first_rtu_request({data, size});
    if (scan.size > size || (scan.found && (scan.pdu.empty() || scan.pdu.size() > modbus::pdu_max)))
        std::abort();
    return 0;
}
