#include "simulator/sun.hpp"

#include <cmath>
#include <numbers>

namespace kilnwatt::simulator {
namespace {

constexpr double degree = std::numbers::pi / 180.0;

} // namespace

double sun_position::elevation() const
{
    return std::asin(sin_elevation) / degree;
}

double day_of_year(utc_time t)
{
    using namespace std::chrono;
    auto const day = floor<days>(t);
    auto const date = year_month_day{day};
    auto const start = sys_days{date.year() / January / 1};
    return static_cast<double>((day - start).count()) + duration<double, std::ratio<86400>>{t - day}.count();
}

double local_hour(utc_time t)
{
    using namespace std::chrono;
    auto const local = t + hours{site_utc_offset_h};
    return duration<double, std::ratio<3600>>{local - floor<days>(local)}.count();
}

sun_position sun_at(utc_time t, double latitude, double longitude, double tilt)
{
    auto const days = day_of_year(t);
    auto const hour = (days - std::floor(days)) * 24.0;
    auto const g = 2.0 * std::numbers::pi / 365.0 * (std::floor(days) + (hour - 12.0) / 24.0);
    auto const equation_of_time = 229.18 * (0.000075 + 0.001868 * std::cos(g) - 0.032077 * std::sin(g) -
                                            0.014615 * std::cos(2 * g) - 0.040849 * std::sin(2 * g));
    auto const declination = 0.006918 - 0.399912 * std::cos(g) + 0.070257 * std::sin(g) - 0.006758 * std::cos(2 * g) +
                             0.000907 * std::sin(2 * g) - 0.002697 * std::cos(3 * g) + 0.00148 * std::sin(3 * g);
    auto const hour_angle = ((60.0 * hour + equation_of_time + 4.0 * longitude) / 4.0 - 180.0) * degree;
    // A roof tilted towards the equator sees the sun as a level one would at a lower latitude.
    auto const height = [&](double lat) {
        return std::sin(lat) * std::sin(declination) + std::cos(lat) * std::cos(declination) * std::cos(hour_angle);
    };
    return {.sin_elevation = height(latitude * degree), .cos_incidence = height((latitude - tilt) * degree)};
}

} // namespace kilnwatt::simulator
