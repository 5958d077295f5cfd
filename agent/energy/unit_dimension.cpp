#include "agent/energy/unit_dimension.hpp"

namespace kilnwatt::energy {
namespace {

enum kind : std::size_t { energy, time, mass, length, temperature, money, coal, voltage, current, reactive };

struct unit {
    std::string_view name;
    double factor;
    std::int8_t exponent;
    kind what;
    std::int8_t time_exponent = 0;
};

constexpr double per_second = 3600; ///< in 1/h
constexpr double kwh_per_mj = 1 / 3.6;

constexpr unit units[]{
    {"Wh", 1e-3, 1, energy},
    {"kWh", 1, 1, energy},
    {"MWh", 1e3, 1, energy},
    {"GWh", 1e6, 1, energy},
    {"MJ", kwh_per_mj, 1, energy},
    {"GJ", 1e3 * kwh_per_mj, 1, energy},
    {"VAh", 1e-3, 1, energy},
    {"kVAh", 1, 1, energy},
    {"W", 1e-3, 1, energy, -1},
    {"kW", 1, 1, energy, -1},
    {"MW", 1e3, 1, energy, -1},
    {"VA", 1e-3, 1, energy, -1},
    {"kVA", 1, 1, energy, -1},
    {"Wp", 1e-3, 1, energy, -1},
    {"kWp", 1, 1, energy, -1},
    {"varh", 1e-3, 1, reactive},
    {"kvarh", 1, 1, reactive},
    {"var", 1e-3, 1, reactive, -1},
    {"kvar", 1, 1, reactive, -1},
    {"s", 1 / per_second, 1, time},
    {"min", 1.0 / 60, 1, time},
    {"h", 1, 1, time},
    {"d", 24, 1, time},
    {"Hz", per_second, -1, time},
    {"rpm", 60, -1, time},
    {"kg", 1e-3, 1, mass},
    {"t", 1, 1, mass},
    {"m", 1, 1, length},
    {"m2", 1, 2, length},
    {"m3", 1, 3, length},
    {"Nm3", 1, 3, length},
    {"l", 1e-3, 3, length},
    {"K", 1, 1, temperature},
    {"degC", 1, 1, temperature},
    {"CNY", 1, 1, money},
    {"kgce", 1, 1, coal},
    {"tce", 1e3, 1, coal},
    {"V", 1, 1, voltage},
    {"kV", 1e3, 1, voltage},
    {"A", 1, 1, current},
    {"", 1, 0, energy},
    {"1", 1, 0, energy},
    {"%", 0.01, 0, energy},
    {"piece", 1, 0, energy},
};

/// One unit to the power of `sign`, times what is there already.
bool multiply(measure& m, std::string_view name, int sign)
{
    for (auto const& u : units) {
        if (u.name != name)
            continue;
        m.factor = sign > 0 ? m.factor * u.factor : m.factor / u.factor;
        m.exponents[u.what] = static_cast<std::int8_t>(m.exponents[u.what] + sign * u.exponent);
        m.exponents[time] = static_cast<std::int8_t>(m.exponents[time] + sign * u.time_exponent);
        return true;
    }
    return false;
}

bool multiply_all(measure& m, std::string_view product, int sign)
{
    for (;;) {
        auto const dot = product.find('.');
        if (!multiply(m, product.substr(0, dot), sign))
            return false;
        if (dot == std::string_view::npos)
            return true;
        product.remove_prefix(dot + 1);
    }
}

} // namespace

std::optional<measure> measure_of(std::string_view text)
{
    measure m;
    auto const slash = text.find('/');
    if (!multiply_all(m, text.substr(0, slash), 1))
        return std::nullopt;
    if (slash != std::string_view::npos && (slash + 1 == text.size() || !multiply_all(m, text.substr(slash + 1), -1)))
        return std::nullopt;
    return m;
}

} // namespace kilnwatt::energy
