#include "tests/fuzz/exchange_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    kilnwatt::fuzz::play_exchange(kilnwatt::modbus::framing::tcp, data, size);
    return 0;
}
