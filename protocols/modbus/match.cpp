#include "protocols/modbus/match.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace kilnwatt::modbus {
namespace {

likeness begins_http(byte_view bytes) noexcept
{
    constexpr std::string_view status_line = "HTTP/";
    auto const n = std::min(bytes.size(), status_line.size());
    for (std::size_t i = 0; i < n; ++i)
        if (bytes[i] != static_cast<std::uint8_t>(status_line[i]))
            return likeness::no;
    return n == status_line.size() ? likeness::yes : likeness::not_yet_known;
}

/// Record type 21, version 3.1 to 3.3, length 2, level 1 or 2, description.
likeness begins_tls_alert(byte_view bytes) noexcept
{
    struct range {
        std::uint8_t from, to;
    };
    constexpr std::array<range, 7> alert{{{21, 21}, {3, 3}, {1, 3}, {0, 0}, {2, 2}, {1, 2}, {0, 255}}};
    auto const n = std::min(bytes.size(), alert.size());
    for (std::size_t i = 0; i < n; ++i)
        if (bytes[i] < alert[i].from || bytes[i] > alert[i].to)
            return likeness::no;
    return n == alert.size() ? likeness::yes : likeness::not_yet_known;
}

} // namespace

likeness http_or_tls(byte_view bytes) noexcept
{
    return std::max(begins_http(bytes), begins_tls_alert(bytes));
}

} // namespace kilnwatt::modbus
