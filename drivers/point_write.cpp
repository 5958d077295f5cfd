#include "drivers/point_write.hpp"

#include "core/row.hpp"
#include "drivers/decode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace kilnwatt::drivers {
namespace {

/// What rounding to the point's type may change.
double slack(point const& p, double v)
{
    auto const digits = p.type == point_type::f16 ? 1e-3 : 1e-6;
    return is_real(p.type) ? std::max(std::abs(p.scale), std::abs(v)) * digits : std::abs(p.scale) * (0.5 + 1e-9);
}

/// The number these registers say; NaN when they say none.
double value_of(point const& p, std::span<std::uint16_t const> words)
{
    layout one;
    one.columns = {column_of(p)};
    row r{std::make_shared<layout const>(std::move(one)), {}, {}, {}};
    r.cells.push_back(decode(p, words, r.texts));
    return scaled_number(r, 0);
}

bool is_inside(point const& p, double v)
{
    auto const noise = 1e-9 * std::max({std::abs(p.writable->min), std::abs(p.writable->max), std::abs(p.scale)});
    return v >= p.writable->min - noise && v <= p.writable->max + noise; // false for NaN
}

std::string outside(point const& p, double v)
{
    return fmt::format("{} may be set to {} to {}{}{}, not to {}", p.name, p.writable->min, p.writable->max,
                       p.unit.empty() ? "" : " ", p.unit, v);
}

} // namespace

std::string_view why_never_written(point const& p) noexcept
{
    if (p.table == modbus::table::discrete_inputs || p.table == modbus::table::input_registers)
        return "Modbus has no way to write discrete inputs and input registers";
    if (is_text(p.type))
        return "a text is not written";
    if (p.counter || p.accumulator)
        return "a counter is not written";
    if (p.mask != 0 || p.type == point_type::u8 || p.type == point_type::i8)
        return "it shares its register with other bits, which a write would set too";
    if (!p.exponent.empty())
        return "its exponent may change between two requests";
    return p.map.empty() ? "" : "its codes stand for other numbers";
}

modbus::write_function function_for(modbus::table t, std::size_t values, bool multiple) noexcept
{
    using modbus::write_function;
    auto const many = multiple || values > 1;
    if (t == modbus::table::coils)
        return many ? write_function::coils : write_function::coil;
    return many ? write_function::holding_registers : write_function::holding_register;
}

std::optional<point_write> write_of(point const& p, double v, bool multiple, std::string& why)
{
    if (!p.writable) {
        why = fmt::format("{} is not open for writing; the site file opens it: writable = {{min = ..., max = ...}}",
                          p.name);
        return std::nullopt;
    }
    if (!is_inside(p, v)) {
        why = outside(p, v);
        return std::nullopt;
    }
    point_write w{function_for(p.table, p.registers, multiple), p.address, {}, 0};
    w.values.resize(p.registers);
    w.value = encode(p, v, 0, w.values) ? value_of(p, w.values) : std::nan("");
    if (!(std::abs(w.value - v) <= slack(p, v))) {
        why = fmt::format("{} cannot be {}: its type is {} with a step of {}", p.name, v, to_string(p.type),
                          std::abs(p.scale));
        return std::nullopt;
    }
    return w;
}

std::optional<double> written_value(point const& p, modbus::write_request const& request, std::string& why)
{
    auto const is_bit = request.how == modbus::write_function::coil || request.how == modbus::write_function::coils;
    auto const at = is_bit ? modbus::table::coils : modbus::table::holding_registers;
    if (!p.writable || p.table != at || p.address != request.address || p.registers != request.values.size())
        return std::nullopt;
    auto const v = value_of(p, request.values);
    auto const is_rounded_bound = std::min(std::abs(v - p.writable->min), std::abs(v - p.writable->max)) <= slack(p, v);
    if (is_inside(p, v) || is_rounded_bound)
        return v;
    why = outside(p, v);
    return std::nullopt;
}

} // namespace kilnwatt::drivers
