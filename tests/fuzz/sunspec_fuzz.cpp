#include "drivers/device_memory.hpp"
#include "drivers/sunspec_chain.hpp"

#include <cstdlib>

using namespace kilnwatt::drivers;

/// A device that answers the walk with any words, or refuses. The walk ends; what it found has points inside the
/// address space; and as a device's memory it comes back as it was.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    sunspec::chain_walk walk;
    std::size_t at = 0;
    std::size_t steps = 0;
    while (auto const range = walk.next()) {
        if (++steps > sunspec::bases.size() * (2 * sunspec::models_max + 3) || range->count > 2)
            std::abort();
        std::array<std::uint16_t, 2> words{};
        if (at + 2 * range->count > size) {
            walk.refuse();
            continue;
        }
        for (std::size_t i = 0; i < range->count; ++i, at += 2)
            words[i] = static_cast<std::uint16_t>(data[at] << 8 | data[at + 1]);
        if (steps == 1 && words[0] != 0)
            words = sunspec::marker;
        walk.answer(std::span{words}.first(range->count));
    }
    for (auto const& p : sunspec::points_of(walk.chain()))
        if (p.address + p.registers > 0x10000 || p.name.empty())
            std::abort();
    if (walk.result() != sunspec::chain_walk::outcome::found)
        return 0;
    profile of;
    of.sunspec = true;
    device_memory const m{.chain = walk.chain()};
    if (memory_from(to_text(m, of), of) != m)
        std::abort();
    return 0;
}
