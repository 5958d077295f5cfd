#include "agent/energy/fine_gain.hpp"

#include "agent/energy/byte_stream.hpp"
#include "agent/energy/counter_track.hpp"

#include <algorithm>
#include <cmath>

namespace kilnwatt::energy {
namespace {

constexpr double steps_to_learn = 50;   ///< before, the power is taken as it is: a step is 2 % of them
constexpr double steps_to_know = 2'000; ///< then older ones count half, so that a changed CT ratio is forgotten
constexpr double correction_most = 1.25;

} // namespace

double fine_gain::next(double counted, double integral, double step)
{
    counted_ += counted;
    integrated_ += integral;
    if (counted_ > steps_to_know * step) {
        counted_ /= 2;
        integrated_ /= 2;
    }
    auto by = 1.0;
    if (counted_ > steps_to_learn * step && integrated_ > 0)
        by = std::clamp(counted_ / integrated_, 1 / correction_most, correction_most);
    return take(counted, std::clamp(ahead_ + by * integral - counted, -step, step));
}

double fine_gain::next(double counted)
{
    return take(counted, 0);
}

/// Moves the edge of the minute to `ahead`, or leaves it where it was if that would be backwards.
double fine_gain::take(double counted, double ahead)
{
    auto const stays = ahead_ - counted;
    ahead = std::max(on_grid(ahead), stays);
    auto const gain = ahead - stays;
    ahead_ = ahead;
    return gain;
}

void fine_gain::save(byte_writer& w) const
{
    for (auto const x : {ahead_, counted_, integrated_})
        w.real(x);
}

void fine_gain::load(byte_reader& r)
{
    for (auto* x : {&ahead_, &counted_, &integrated_})
        *x = r.real();
    if (!std::isfinite(ahead_) || !(counted_ >= 0) || !(integrated_ >= 0))
        r.fail();
}

} // namespace kilnwatt::energy
