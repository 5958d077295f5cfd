#include "drivers/device.hpp"

#include <cstdlib>

using namespace kilnwatt;

/// Any text as a profile. Mistakes have their place; a profile without one becomes a device with a plan.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto doc = config::read_text({reinterpret_cast<char const*>(data), size}, "fuzz.toml");
    auto p = drivers::read_profile(doc);
    for (auto const& d : *doc.found)
        if (d.at.file != "fuzz.toml" || d.message.empty())
            std::abort();
    if (!doc.found->empty() || p.points.size() > 200)
        return 0;
    auto const limit = p.limits.registers_per_request;
    drivers::device const device{"fuzz", 1, std::move(p)};
    for (auto const c : device.classes())
        for (auto const& r : device.plan_of(c).requests)
            if (r.range.count == 0 || r.points.empty() ||
                (r.range.from >= modbus::table::holding_registers && r.range.count > limit))
                std::abort();
    return 0;
}
