#include "drivers/half_float.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kilnwatt::drivers {
namespace {

constexpr int mantissa_bits = 10;
constexpr int bias = 15;
constexpr int exponent_min = 1 - bias;
constexpr double largest = 65504.0;

} // namespace

float float_of_half(std::uint16_t half) noexcept
{
    auto const exponent = half >> mantissa_bits & 0x1F;
    auto const mantissa = static_cast<float>(half & 0x3FF);
    auto const sign = (half & 0x8000) != 0 ? -1.0F : 1.0F;
    if (exponent == 0x1F)
        return mantissa == 0.0F ? sign * std::numeric_limits<float>::infinity()
                                : std::numeric_limits<float>::quiet_NaN();
    if (exponent == 0)
        return sign * std::ldexp(mantissa, exponent_min - mantissa_bits);
    return sign * std::ldexp(mantissa + 1024.0F, exponent - bias - mantissa_bits);
}

std::uint16_t half_of(double v) noexcept
{
    auto const size = std::min(std::abs(v), largest);
    int exponent = 0;
    std::frexp(size, &exponent);
    exponent = size == 0.0 ? exponent_min : std::max(exponent - 1, exponent_min);
    auto const steps = static_cast<int>(std::nearbyint(std::ldexp(size, mantissa_bits - exponent)));
    auto const bits = ((exponent + bias) << mantissa_bits) + steps - 1024;
    return static_cast<std::uint16_t>(bits | (std::signbit(v) ? 0x8000 : 0));
}

} // namespace kilnwatt::drivers
