#include "simulator/device_image.hpp"

#include "drivers/decode.hpp"
#include "drivers/sunspec_chain.hpp"
#include "simulator/point_source.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <set>

namespace kilnwatt::simulator {
namespace {

using drivers::point;
using drivers::point_type;

constexpr std::uint16_t chain_base = 40000;
constexpr std::array chain_models{
    drivers::sunspec::wanted_model{1, 0},
    drivers::sunspec::wanted_model{103, 0},
    drivers::sunspec::wanted_model{120, 0},
    drivers::sunspec::wanted_model{160, static_cast<std::uint16_t>(roof_1.trackers)},
};
constexpr int exponent_min = -2;
constexpr int exponent_max = 10;

/// The largest value of a unit that a device of this plant may have to show.
double largest(std::string_view unit)
{
    static std::map<std::string_view, double> const of_unit{
        {"W", 300e3}, {"VA", 300e3},  {"var", 300e3}, {"A", 3000}, {"V", 1500},
        {"Hz", 70},   {"degC", 2000}, {"%", 120},     {"Wh", 4e9}, {"varh", 4e9},
    };
    auto const found = of_unit.find(unit);
    return found == of_unit.end() ? 1.0 : found->second;
}

double capacity(point_type t)
{
    auto const bits = drivers::bits_of(t);
    switch (t) {
    case point_type::i8:
    case point_type::i16:
    case point_type::i32:
    case point_type::i64:
        return std::ldexp(1.0, bits - 1) - 2.0;
    default:
        return std::ldexp(1.0, bits) - 2.0;
    }
}

/// A point with the place of its value and the exponent in force.
struct bound_point {
    point what;
    point_source source;
    int exponent = 0;
};

/// The raw number of the first of the words that the profile knows.
void paint_state(bound_point const& b, std::vector<std::string_view> const& words, std::span<std::uint16_t> out)
{
    for (auto const word : words)
        for (auto const& [number, name] : b.what.states)
            if (name == word) {
                drivers::encode(b.what, static_cast<double>(number), 0, out);
                return;
            }
    drivers::encode_missing(b.what, out);
}

void paint_point(bound_point const& b, plant const& p, register_image& image)
{
    auto const out = image.at(b.what.table, b.what.address, b.what.registers);
    if (auto const* number = std::get_if<number_source>(&b.source))
        drivers::encode(b.what, (*number)(p), b.exponent, out);
    else if (auto const* state = std::get_if<state_source>(&b.source))
        paint_state(b, (*state)(p), out);
    else
        drivers::encode_text(b.what, std::get<std::string>(b.source), out);
}

/// All registers of the points, and those between them that a master may read on the way.
void add_registers(std::vector<point> points, std::size_t gap, register_image& image)
{
    std::sort(points.begin(), points.end(), [](point const& a, point const& b) {
        return std::pair{a.table, a.address} < std::pair{b.table, b.address};
    });
    for (std::size_t i = 0; i < points.size();) {
        auto const first = i;
        std::size_t end = points[i].address + points[i].registers;
        for (++i; i < points.size() && points[i].table == points[first].table && points[i].address <= end + gap; ++i)
            end = std::max<std::size_t>(end, points[i].address + points[i].registers);
        image.add(points[first].table, points[first].address, end - points[first].address);
    }
}

std::vector<drivers::sunspec::block> chain()
{
    return drivers::sunspec::lay_out(chain_base, chain_models);
}

bool is_chain(drivers::profile const& profile)
{
    return profile.sunspec && profile.points.empty();
}

void add_chain_frame(register_image& image)
{
    for (auto const& [address, word] : drivers::sunspec::frame_of(chain_base, chain()))
        image.add(modbus::table::holding_registers, address, 1);
    for (auto const& b : chain())
        image.add(modbus::table::holding_registers, b.address, b.length + 2u);
    for (auto const& [address, word] : drivers::sunspec::frame_of(chain_base, chain()))
        image.at(modbus::table::holding_registers, address, 1)[0] = word;
}

} // namespace

int exponent_for(std::span<point const> points, std::string_view exponent)
{
    auto needed = exponent_min;
    for (auto const& p : points)
        if (p.exponent == exponent) {
            auto const ratio = largest(p.unit) / std::abs(p.scale) / capacity(p.type);
            needed = std::max(needed, static_cast<int>(std::ceil(std::log10(ratio))));
        }
    return std::min(needed, exponent_max);
}

std::vector<point> served_points(drivers::profile const& profile)
{
    return is_chain(profile) ? drivers::sunspec::points_of(chain()) : profile.points;
}

device_image profile_image(std::string_view name, drivers::profile const& profile)
{
    device_image made;
    auto const points = served_points(profile);
    if (is_chain(profile))
        add_chain_frame(made.registers);
    add_registers(points, profile.limits.gap, made.registers);

    std::set<std::string_view> exponents;
    for (auto const& p : points)
        if (!p.exponent.empty())
            exponents.insert(p.exponent);
    auto bound = std::make_shared<std::vector<bound_point>>();
    for (auto const& p : points) {
        auto const out = made.registers.at(p.table, p.address, p.registers);
        if (exponents.contains(p.name)) {
            auto const exponent = exponent_for(points, p.name);
            drivers::encode(p, p.negated ? -exponent : exponent, 0, out);
            continue;
        }
        auto const exponent = p.exponent.empty() ? 0 : exponent_for(points, p.exponent);
        if (auto source = source_of(name, p.name))
            bound->push_back({p, std::move(*source), exponent});
        else
            drivers::encode_missing(p, out);
    }
    made.paint = [bound](plant const& p, register_image& image) {
        for (auto const& b : *bound)
            paint_point(b, p, image);
    };
    return made;
}

} // namespace kilnwatt::simulator
