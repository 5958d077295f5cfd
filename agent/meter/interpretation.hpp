#pragma once

#include "core/row.hpp"
#include "drivers/profile.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt::meter {

/// What registers would mean if they were of this type and order.
struct interpretation {
    std::uint16_t address = 0;
    drivers::point_type type = drivers::point_type::u16;
    drivers::byte_order order = drivers::byte_order::abcd;
    value shown; ///< monostate: no number, `why` says so
    bool plausible = false;
    std::string why; ///< what speaks for it or against it; "" = nothing
};

std::string_view name_of(drivers::point_type t) noexcept;
std::string_view name_of(drivers::byte_order o) noexcept;

/// Every type in every order at `address` and at the register beside it, as far as the words reach; plausible ones
/// say why: a mains frequency, a voltage, a power factor, text. Pure.
std::vector<interpretation> interpretations(std::span<std::uint16_t const> words, std::uint16_t address);

} // namespace kilnwatt::meter
