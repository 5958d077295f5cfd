#include "simulator/noise.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace kilnwatt::simulator {
namespace {

constexpr std::uint64_t golden = 0x9E3779B97F4A7C15ull;

} // namespace

random_source::random_source(std::uint64_t seed, std::uint64_t stream) : state_{seed ^ (stream * 0xD1342543DE82EF95ull)}
{
    bits();
}

std::uint64_t random_source::bits()
{
    state_ += golden;
    auto z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

double random_source::uniform()
{
    return static_cast<double>(bits() >> 11) * 0x1p-53;
}

double random_source::normal()
{
    auto const u = 1.0 - uniform();
    auto const v = uniform();
    return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

drift::drift(double correlation_s, random_source source)
    : source_{source}, keep_{std::exp(-1.0 / correlation_s)}, fresh_{std::sqrt(1.0 - keep_ * keep_)},
      value_{source_.normal()}
{}

double drift::next()
{
    value_ = keep_ * value_ + fresh_ * source_.normal();
    return value_;
}

duty_cycle::duty_cycle(bounds b, random_source source)
    : bounds_{b}, source_{source}, left_s_{source_.uniform(0.2, 1.0) * b.on_max_s}
{}

double duty_cycle::next()
{
    left_s_ -= 1.0;
    if (left_s_ <= 0) {
        on_ = !on_;
        left_s_ = on_ ? source_.uniform(bounds_.on_min_s, bounds_.on_max_s)
                      : source_.uniform(bounds_.off_min_s, bounds_.off_max_s);
    }
    auto const step = 1.0 / bounds_.ramp_s;
    level_ = std::clamp(level_ + (on_ ? step : -step), 0.0, 1.0);
    return level_;
}

} // namespace kilnwatt::simulator
