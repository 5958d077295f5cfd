#include "agent/energy/sun.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>

namespace kilnwatt::energy {
namespace {

constexpr double degree = std::numbers::pi / 180;

double hour_of(instant utc)
{
    return static_cast<double>(utc % (24 * hour)) / static_cast<double>(hour);
}

} // namespace

sun_course sun_course_at(instant utc)
{
    using namespace std::chrono;
    auto const day = floor<days>(sys_time<milliseconds>{milliseconds{utc}});
    auto const january = sys_days{year_month_day{day}.year() / 1 / 1};
    auto const day_of_year = static_cast<double>((day - january).count() + 1);
    auto const g = 2 * std::numbers::pi / 365 * (day_of_year - 1 + (hour_of(utc) - 12) / 24);
    sun_course c;
    c.equation_of_time = 229.18 * (0.000075 + 0.001868 * std::cos(g) - 0.032077 * std::sin(g) -
                                   0.014615 * std::cos(2 * g) - 0.040849 * std::sin(2 * g));
    c.declination = (0.006918 - 0.399912 * std::cos(g) + 0.070257 * std::sin(g) - 0.006758 * std::cos(2 * g) +
                     0.000907 * std::sin(2 * g) - 0.002697 * std::cos(3 * g) + 0.00148 * std::sin(3 * g)) /
                    degree;
    return c;
}

double sun_elevation(instant utc, double latitude, double longitude)
{
    auto const course = sun_course_at(utc);
    auto const hour_angle = ((60 * hour_of(utc) + course.equation_of_time + 4 * longitude) / 4 - 180) * degree;
    auto const phi = latitude * degree;
    auto const declination = course.declination * degree;
    auto const sine =
        std::sin(phi) * std::sin(declination) + std::cos(phi) * std::cos(declination) * std::cos(hour_angle);
    return std::asin(sine) / degree;
}

namespace {

/// Sine of the elevation over [from, to], summed over steps from `from` on that are at most `step` ms; below the
/// horizon 0.
double sun_between(instant from, instant to, instant step, geographic_location place)
{
    auto sum = 0.0;
    for (auto t = from; t < to; t += step) {
        auto const end = std::min(t + step, to);
        auto const sine = std::sin(sun_elevation(t + (end - t) / 2, place.latitude, place.longitude) * degree);
        sum += std::max(0.0, sine) * static_cast<double>(end - t);
    }
    return sum;
}

} // namespace

double sun_share(instant from, instant t, instant to, geographic_location place)
{
    constexpr instant step = 5 * minute;
    auto const until = sun_between(from, t, step, place);
    auto const all = until + sun_between(t, to, step, place);
    return all > 0 ? until / all : static_cast<double>(t - from) / static_cast<double>(to - from);
}

} // namespace kilnwatt::energy
