#include "agent/energy/point_plan.hpp"

#include <bit>
#include <cmath>

namespace kilnwatt::energy {
namespace {

constexpr std::int64_t exponent_max = 10;

double scale_of(row const& r, column const& c)
{
    if (c.exponent_column < 0)
        return std::abs(c.scale);
    auto const& e = r.cells[static_cast<std::size_t>(c.exponent_column)];
    auto const exponent = static_cast<std::int64_t>(e.bits);
    if (!e.present || exponent < -exponent_max || exponent > exponent_max)
        return 0;
    return std::abs(c.scale) * std::pow(10.0, static_cast<double>(exponent));
}

} // namespace

std::optional<std::uint32_t> column_named(layout const& l, std::string_view name)
{
    for (std::uint32_t i = 0; i < l.columns.size(); ++i)
        if (l.columns[i].name == name)
            return i;
    return std::nullopt;
}

double resolution_of(row const& r, std::size_t column)
{
    auto const& c = r.layout->columns[column];
    switch (c.kind) {
    case value_kind::i64:
    case value_kind::u64:
        return scale_of(r, c);
    case value_kind::f32: {
        auto const v = std::abs(std::bit_cast<float>(static_cast<std::uint32_t>(r.cells[column].bits)));
        return static_cast<double>(std::nextafter(v, HUGE_VALF) - v) * scale_of(r, c);
    }
    case value_kind::f64:
    case value_kind::text:
        break;
    }
    return 0;
}

double native_modulus(row const& r, std::size_t column)
{
    auto const& c = r.layout->columns[column];
    if (c.kind != value_kind::u64 && c.kind != value_kind::i64)
        return 0;
    auto const raw = r.cells[column].bits;
    for (auto const range : {std::uint64_t{1} << 16, std::uint64_t{1} << 32})
        if (raw < range && raw >= range - range / 100)
            return static_cast<double>(range) * scale_of(r, c);
    return 0;
}

} // namespace kilnwatt::energy
