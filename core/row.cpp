#include "core/row.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <optional>

namespace kilnwatt {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr int exponent_max = 10;

/// A factor as `times / by` with whole numbers where it has that form (1000, 0.1, 0.25), else as times with by = 1.
struct factor {
    double times;
    double by;
};

factor as_fraction(double scale)
{
    if (scale == 0.0 || std::abs(scale) >= 1.0)
        return {scale, 1.0};
    auto const inverse = 1.0 / scale;
    auto const whole = std::round(inverse);
    if (std::abs(inverse - whole) < 1e-9 * std::abs(inverse))
        return {1.0, whole};
    return {scale, 1.0};
}

/// Exact product of an integer and a whole factor; nothing on overflow or when the factor is not whole.
template <class Int>
std::optional<Int> exact(Int raw, factor f, double offset)
{
    constexpr double whole_max = 9.0e15;
    if (f.by != 1.0 || f.times != std::round(f.times) || std::abs(f.times) > whole_max ||
        offset != std::round(offset) || std::abs(offset) > whole_max)
        return std::nullopt;
    if constexpr (std::is_unsigned_v<Int>)
        if (f.times < 0 || offset < 0)
            return std::nullopt;
    Int product{};
    if (__builtin_mul_overflow(raw, static_cast<Int>(f.times), &product) ||
        __builtin_add_overflow(product, static_cast<Int>(offset), &product))
        return std::nullopt;
    return product;
}

std::optional<factor> total_factor(row const& r, column const& c)
{
    auto f = as_fraction(c.scale);
    if (c.exponent_column < 0)
        return f;
    auto const& e = r.cells.at(static_cast<std::size_t>(c.exponent_column));
    if (!e.present || severity_of(e.q) == severity::bad)
        return std::nullopt;
    auto const exponent = static_cast<std::int64_t>(e.bits);
    if (exponent < -exponent_max || exponent > exponent_max)
        return std::nullopt;
    auto const power = std::pow(10.0, std::abs(static_cast<double>(exponent)));
    (exponent < 0 ? f.by : f.times) *= power;
    return f;
}

} // namespace

value scaled(row const& r, std::size_t column)
{
    auto const& cl = r.cells.at(column);
    auto const& c = r.layout->columns.at(column);
    if (!cl.present || severity_of(cl.q) == severity::bad)
        return {};
    if (c.kind == value_kind::text)
        return cl.bits < r.texts.size() ? value{r.texts[cl.bits]} : value{};
    auto const f = total_factor(r, c);
    if (!f)
        return {};
    double raw = nan;
    switch (c.kind) {
    case value_kind::i64:
        if (auto const v = exact(static_cast<std::int64_t>(cl.bits), *f, c.offset))
            return *v;
        raw = static_cast<double>(static_cast<std::int64_t>(cl.bits));
        break;
    case value_kind::u64:
        if (auto const v = exact(cl.bits, *f, c.offset))
            return *v;
        raw = static_cast<double>(cl.bits);
        break;
    case value_kind::f32:
        raw = static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(cl.bits)));
        break;
    case value_kind::f64:
        raw = std::bit_cast<double>(cl.bits);
        break;
    case value_kind::text:
        break;
    }
    auto const v = raw * f->times / f->by + c.offset;
    return std::isfinite(v) ? value{v} : value{};
}

double as_number(value const& v) noexcept
{
    if (auto const* i = std::get_if<std::int64_t>(&v))
        return static_cast<double>(*i);
    if (auto const* u = std::get_if<std::uint64_t>(&v))
        return static_cast<double>(*u);
    if (auto const* d = std::get_if<double>(&v))
        return *d;
    return nan;
}

double scaled_number(row const& r, std::size_t column)
{
    if (r.layout->columns.at(column).kind == value_kind::text)
        return nan;
    return as_number(scaled(r, column));
}

cell cell_of(std::int64_t v, quality q) noexcept
{
    return {static_cast<std::uint64_t>(v), q, true};
}

cell cell_of(std::uint64_t v, quality q) noexcept
{
    return {v, q, true};
}

cell cell_of(double v, quality q) noexcept
{
    if (std::isnan(v))
        return absent(severity_of(q) == severity::bad ? q : quality::no_data);
    return {std::bit_cast<std::uint64_t>(v), q, true};
}

cell absent(quality q) noexcept
{
    return {0, q, false};
}

} // namespace kilnwatt
