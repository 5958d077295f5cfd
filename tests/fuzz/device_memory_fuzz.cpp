#include "drivers/device_memory.hpp"

#include <cstdlib>

using namespace kilnwatt::drivers;

/// Any text behind the right first line. What is understood is written back and understood as the same.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    profile const of;
    auto const text = to_text({}, of) + std::string{reinterpret_cast<char const*>(data), size};
    auto const m = memory_from(text, of);
    if (m && memory_from(to_text(*m, of), of) != m)
        std::abort();
    return 0;
}
