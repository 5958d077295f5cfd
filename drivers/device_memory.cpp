#include "drivers/device_memory.hpp"

#include <fmt/format.h>

#include <charconv>

namespace kilnwatt::drivers {
namespace {

constexpr std::size_t identity_max = 8;

/// FNV-1a over what decides which registers are asked for.
std::uint64_t fingerprint(profile const& of)
{
    std::uint64_t hash = 0xCBF2'9CE4'8422'2325;
    auto const add = [&hash](std::uint64_t n) {
        for (int i = 0; i < 8; ++i, n >>= 8)
            hash = (hash ^ (n & 0xFF)) * 0x0000'0100'0000'01B3;
    };
    add(of.limits.registers_per_request);
    if (!of.sunspec)
        for (auto const& p : of.points)
            add(static_cast<std::uint64_t>(p.table) << 32 | static_cast<std::uint64_t>(p.address) << 16 | p.registers);
    return hash;
}

std::string head_of(profile const& of)
{
    return fmt::format("kilnwatt-device 1 {} {:016x}", of.id, fingerprint(of));
}

/// Takes the text up to `end` off the front, and `end` with it; without one, all of it.
std::string_view take(std::string_view& text, char end)
{
    auto const part = text.substr(0, text.find(end));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    return part;
}

std::optional<std::uint16_t> take_number(std::string_view& text)
{
    auto const word = take(text, ' ');
    std::uint16_t n = 0;
    auto const [end, ec] = std::from_chars(word.data(), word.data() + word.size(), n);
    if (ec != std::errc{} || end != word.data() + word.size())
        return std::nullopt;
    return n;
}

bool read_hole(std::string_view line, device_memory& m)
{
    auto const table = take_number(line);
    auto const address = take_number(line);
    auto const count = take_number(line);
    if (!table || *table < 1 || *table > 4 || !address || !count || !line.empty() || m.holes.size() == holes_max)
        return false;
    m.holes.push_back({static_cast<modbus::table>(*table), *address, *count});
    return true;
}

bool read_model(std::string_view line, device_memory& m)
{
    sunspec::block b;
    for (auto* const field : {&b.id, &b.address, &b.length, &b.groups}) {
        auto const n = take_number(line);
        if (!n)
            return false;
        *field = *n;
    }
    if (!line.empty() || m.chain.size() == sunspec::models_max || b.groups > sunspec::groups_max ||
        b.address + b.length + 4 > 0x1'0000)
        return false;
    m.chain.push_back(b);
    return true;
}

bool read_identity(std::string_view line, device_memory& m)
{
    auto const name = take(line, ' ');
    return !name.empty() && m.identity.size() < identity_max && m.identity.emplace(name, line).second;
}

bool read_line(std::string_view line, device_memory& m)
{
    auto const word = take(line, ' ');
    if (word == "hole")
        return read_hole(line, m);
    if (word == "model")
        return read_model(line, m);
    return word == "is" && read_identity(line, m);
}

} // namespace

std::string to_text(device_memory const& m, profile const& of)
{
    auto text = head_of(of) + '\n';
    for (auto const& [name, value] : m.identity)
        text += fmt::format("is {} {}\n", name, value);
    for (auto const& h : m.holes)
        text += fmt::format("hole {} {} {}\n", static_cast<int>(h.from), h.address, h.count);
    for (auto const& b : m.chain)
        text += fmt::format("model {} {} {} {}\n", b.id, b.address, b.length, b.groups);
    return text;
}

std::optional<device_memory> memory_from(std::string_view text, profile const& of)
{
    if (text.size() > memory_bytes_max || !text.ends_with('\n') || take(text, '\n') != head_of(of))
        return std::nullopt;
    device_memory m;
    while (!text.empty())
        if (!read_line(take(text, '\n'), m))
            return std::nullopt;
    return m;
}

} // namespace kilnwatt::drivers
