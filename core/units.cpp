#include "core/units.hpp"

#include <array>

namespace kilnwatt {
namespace {

struct entry {
    std::string_view unit;
    unit_conversion to;
};

constexpr double wh_per_gj = 1.0e9 / 3600.0;

constexpr std::array entries{
    entry{"", {1, 0, ""}},           entry{"1", {1, 0, ""}},
    entry{"W", {1, 0, "W"}},         entry{"kW", {1e3, 0, "W"}},        entry{"MW", {1e6, 0, "W"}},
    entry{"Wh", {1, 0, "Wh"}},       entry{"kWh", {1e3, 0, "Wh"}},      entry{"MWh", {1e6, 0, "Wh"}},
    entry{"GWh", {1e9, 0, "Wh"}},    entry{"GJ", {wh_per_gj, 0, "Wh"}}, entry{"MJ", {wh_per_gj / 1e3, 0, "Wh"}},
    entry{"Gcal", {4.1868 * wh_per_gj, 0, "Wh"}},
    entry{"var", {1, 0, "var"}},     entry{"kvar", {1e3, 0, "var"}},    entry{"varh", {1, 0, "varh"}},
    entry{"kvarh", {1e3, 0, "varh"}}, entry{"VA", {1, 0, "VA"}},        entry{"kVA", {1e3, 0, "VA"}},
    entry{"VAh", {1, 0, "VAh"}},     entry{"kVAh", {1e3, 0, "VAh"}},
    entry{"V", {1, 0, "V"}},         entry{"mV", {1e-3, 0, "V"}},       entry{"kV", {1e3, 0, "V"}},
    entry{"A", {1, 0, "A"}},         entry{"mA", {1e-3, 0, "A"}},       entry{"Ah", {1, 0, "Ah"}},
    entry{"Hz", {1, 0, "Hz"}},       entry{"degC", {1, 0, "degC"}},     entry{"C", {1, 0, "degC"}},
    entry{"K", {1, 0, "K"}},         entry{"%", {1, 0, "%"}},           entry{"Pct", {1, 0, "%"}},
    entry{"m3", {1, 0, "m3"}},       entry{"l", {1e-3, 0, "m3"}},       entry{"Nm3", {1, 0, "m3"}},
    entry{"m3/h", {1, 0, "m3/h"}},   entry{"l/h", {1e-3, 0, "m3/h"}},   entry{"Nm3/h", {1, 0, "m3/h"}},
    entry{"l/min", {0.06, 0, "m3/h"}}, entry{"kg", {1, 0, "kg"}},       entry{"kg/h", {1, 0, "kg/h"}},
    entry{"t", {1, 0, "t"}},         entry{"t/h", {1e3, 0, "kg/h"}},
    entry{"Pa", {1, 0, "Pa"}},       entry{"kPa", {1e3, 0, "Pa"}},      entry{"MPa", {1e6, 0, "Pa"}},
    entry{"bar", {1e5, 0, "Pa"}},    entry{"mbar", {1e2, 0, "Pa"}},
    entry{"s", {1, 0, "s"}},         entry{"min", {60, 0, "s"}},        entry{"h", {3600, 0, "s"}},
    entry{"rpm", {1, 0, "rpm"}},     entry{"N.m", {1, 0, "N.m"}},       entry{"Nm", {1, 0, "N.m"}},
    entry{"W/m2", {1, 0, "W/m2"}},   entry{"m/s", {1, 0, "m/s"}},       entry{"deg", {1, 0, "deg"}},
    entry{"Ohm", {1, 0, "Ohm"}},     entry{"kOhm", {1e3, 0, "Ohm"}},    entry{"MOhm", {1e6, 0, "Ohm"}},
};

} // namespace

std::optional<unit_conversion> canonical_unit(std::string_view unit) noexcept
{
    for (auto const& e : entries)
        if (e.unit == unit)
            return e.to;
    return std::nullopt;
}

std::vector<std::pair<std::string_view, double>> units_like(std::string_view unit)
{
    std::vector<std::pair<std::string_view, double>> all{{unit, 1.0}};
    auto const to = canonical_unit(unit);
    for (auto const& e : entries)
        if (to && e.to.canonical == to->canonical && e.unit != unit)
            all.emplace_back(e.unit, e.to.factor / to->factor);
    return all;
}

} // namespace kilnwatt
