#include "simulator/register_image.hpp"

#include <algorithm>

namespace kilnwatt::simulator {
namespace {

std::size_t index_of(modbus::table t)
{
    return static_cast<std::size_t>(t) - 1;
}

} // namespace

void register_image::add(modbus::table t, std::uint16_t address, std::size_t count)
{
    auto& table = tables_[index_of(t)];
    block merged{address, std::vector<std::uint16_t>(count)};
    std::erase_if(table, [&](block const& b) {
        auto const end = merged.address + merged.words.size();
        auto const b_end = b.address + b.words.size();
        if (b.address > end || merged.address > b_end)
            return false;
        auto const first = std::min(b.address, merged.address);
        block both{first, std::vector<std::uint16_t>(std::max(end, b_end) - first)};
        for (auto const* part : {static_cast<block const*>(&merged), &b})
            std::copy(part->words.begin(), part->words.end(),
                      both.words.begin() + static_cast<std::ptrdiff_t>(part->address - first));
        merged = std::move(both);
        return true;
    });
    auto const before =
        std::find_if(table.begin(), table.end(), [&](block const& b) { return b.address > merged.address; });
    table.insert(before, std::move(merged));
}

std::span<std::uint16_t const> register_image::at(modbus::table t, std::uint16_t address, std::size_t count) const
{
    for (auto const& b : tables_[index_of(t)])
        if (address >= b.address && address + count <= b.address + b.words.size())
            return std::span{b.words}.subspan(address - b.address, count);
    return {};
}

std::span<std::uint16_t> register_image::at(modbus::table t, std::uint16_t address, std::size_t count)
{
    for (auto& b : tables_[index_of(t)])
        if (address >= b.address && address + count <= b.address + b.words.size())
            return std::span{b.words}.subspan(address - b.address, count);
    return {};
}

} // namespace kilnwatt::simulator
