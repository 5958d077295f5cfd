#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace kilnwatt::modbus {

using octets = std::vector<std::uint8_t>;

/// "01 03 ff" as bytes; everything but hexadecimal digits separates.
inline octets hex(std::string_view text)
{
    octets out;
    int digits = 0;
    for (char const c : text) {
        auto const value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (value < 0) {
            digits = 0;
            continue;
        }
        if (digits++ % 2 == 0)
            out.push_back(static_cast<std::uint8_t>(value));
        else
            out.back() = static_cast<std::uint8_t>(out.back() * 16 + value);
    }
    return out;
}

inline octets operator+(octets a, octets const& b)
{
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

} // namespace kilnwatt::modbus
