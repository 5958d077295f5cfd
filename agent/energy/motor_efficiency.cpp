#include "agent/energy/motor_metrics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

namespace kilnwatt::energy {
namespace {

constexpr std::array<std::string_view, 5> classes{"IE1", "IE2", "IE3", "IE4", "IE5"};

struct size {
    double kw;
    std::array<double, classes.size()> percent;
};
constexpr size sizes[]{
    {0.75, {72.1, 79.6, 82.5, 85.7, 88.2}}, {1.5, {77.2, 82.8, 85.3, 88.2, 90.4}},
    {3, {81.5, 85.5, 87.7, 90.4, 92.1}},    {5.5, {84.7, 87.7, 89.6, 91.9, 93.4}},
    {7.5, {86.0, 88.7, 90.4, 92.6, 94.0}},  {11, {87.6, 89.8, 91.4, 93.3, 94.6}},
    {15, {88.7, 90.6, 92.1, 93.9, 95.1}},   {22, {89.9, 91.6, 93.0, 94.5, 95.5}},
    {30, {90.7, 92.3, 93.6, 94.9, 95.9}},   {45, {91.7, 93.1, 94.2, 95.4, 96.3}},
    {55, {92.1, 93.5, 94.6, 95.7, 96.5}},   {75, {92.7, 94.0, 95.0, 96.0, 96.7}},
    {90, {93.0, 94.2, 95.2, 96.1, 96.9}},   {110, {93.3, 94.5, 95.4, 96.3, 97.0}},
    {132, {93.5, 94.7, 95.6, 96.4, 97.1}},  {160, {93.8, 94.9, 95.8, 96.6, 97.2}},
    {200, {94.0, 95.1, 96.0, 96.7, 97.4}},
};

} // namespace

double nominal_efficiency(double rated_w, std::string_view efficiency_class)
{
    auto const found = std::find(classes.begin(), classes.end(), efficiency_class);
    if (found == classes.end() || !(rated_w > 0))
        return 0;
    auto const column = static_cast<std::size_t>(found - classes.begin());
    auto const kw = std::clamp(rated_w / 1000, std::begin(sizes)->kw, std::prev(std::end(sizes))->kw);
    auto const above = std::find_if(std::next(std::begin(sizes)), std::prev(std::end(sizes)),
                                    [&](size const& s) { return s.kw >= kw; });
    auto const below = std::prev(above);
    auto const part = std::log(kw / below->kw) / std::log(above->kw / below->kw);
    return std::lerp(below->percent[column], above->percent[column], part) / 100;
}

} // namespace kilnwatt::energy
