#include "agent/energy/alarm_board.hpp"

#include <cstdlib>

using namespace kilnwatt::energy;

/// Any bytes as the snapshot of two alarms. What is understood is written back and understood as the same; what is not
/// leaves a board like a new one.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::vector<alarm_rule> const rules{{.name = "over", .device = "mill", .column = "active_power"},
                                        {.name = "peak", .device = "site", .column = "grid.demand"}};
    alarm_board board{rules};
    if (!board.restore({reinterpret_cast<char const*>(data), size})) {
        if (board.snapshot() != alarm_board{rules}.snapshot())
            std::abort();
        return 0;
    }
    auto const text = board.snapshot();
    alarm_board again{rules};
    if (!again.restore(text) || again.snapshot() != text)
        std::abort();
    return 0;
}
