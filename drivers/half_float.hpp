#pragma once

#include <cstdint>

namespace kilnwatt::drivers {

/// IEEE 754 half precision (binary16), which the compiler has no type for. Exact.
float float_of_half(std::uint16_t half) noexcept;

/// The half nearest to v, ties to even; saturates at +-65504. v is not NaN.
std::uint16_t half_of(double v) noexcept;

} // namespace kilnwatt::drivers
