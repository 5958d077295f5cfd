#include "agent/publish/saved_cursor.hpp"

#include <cstdlib>

using namespace kilnwatt::publish;

/// Any text as what a sink saved. What is understood keeps its limits, is written back and understood as the same.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const saved = saved_cursor::parse({reinterpret_cast<char const*>(data), size});
    if (!saved)
        return 0;
    auto const& ranges = saved->where.unconfirmed().ranges();
    if (ranges.size() > cursor::ranges_max || (!ranges.empty() && ranges.back().last > saved->where.head()))
        std::abort();
    auto const again = saved_cursor::parse(saved->text());
    if (!again || again->where != saved->where || again->memory != saved->memory || again->ledger != saved->ledger)
        std::abort();
    return 0;
}
