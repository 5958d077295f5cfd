#include "agent/meter/range_text.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace kilnwatt::meter {
namespace {

constexpr std::array<std::string_view, 4> tables{"coils", "discrete", "holding", "input"};
constexpr unsigned addresses = 0x10000;

} // namespace

std::string_view name_of(modbus::table t) noexcept
{
    return tables[static_cast<std::size_t>(t) - 1];
}

std::optional<modbus::table> table_of(std::string_view name) noexcept
{
    for (std::size_t i = 0; i < tables.size(); ++i)
        if (tables[i] == name)
            return static_cast<modbus::table>(i + 1);
    return std::nullopt;
}

std::optional<unsigned> number_of(std::string_view text) noexcept
{
    auto const is_hex = text.starts_with("0x") || text.starts_with("0X");
    if (is_hex)
        text.remove_prefix(2);
    unsigned n = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n, is_hex ? 16 : 10);
    if (text.empty() || ec != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return n;
}

std::optional<drivers::read_range> range_of_text(std::string_view text, std::string& why)
{
    drivers::read_range r{.count = 1};
    auto rest = text;
    if (auto const colon = rest.find(':'); colon != std::string_view::npos) {
        auto const t = table_of(rest.substr(0, colon));
        if (!t) {
            why = fmt::format("'{}' is no table; choose holding, input, coils or discrete", rest.substr(0, colon));
            return std::nullopt;
        }
        r.from = *t;
        rest.remove_prefix(colon + 1);
    }
    auto const plus = rest.find('+');
    auto const address = number_of(rest.substr(0, plus));
    auto const count = plus == std::string_view::npos ? std::optional{1U} : number_of(rest.substr(plus + 1));
    if (!address || !count) {
        why = fmt::format("'{}' is no address; write holding:19026+2 or input:0x34", text);
        return std::nullopt;
    }
    if (*count == 0 || *address >= addresses || *count > addresses - *address) {
        why = fmt::format("'{}' leaves the addresses 0 to 65535", text);
        return std::nullopt;
    }
    r.address = static_cast<std::uint16_t>(*address);
    r.count = static_cast<std::uint16_t>(*count == addresses ? addresses - 1 : *count);
    return r;
}

} // namespace kilnwatt::meter
