#include "agent/energy/row_view.hpp"

#include "agent/energy/aggregate_quality.hpp"
#include "core/aggregate_columns.hpp"

#include <cmath>

namespace kilnwatt::energy {
namespace {

std::optional<std::size_t> column_of(row const& r, std::string_view name)
{
    for (std::size_t i = 0; i < r.layout->columns.size(); ++i)
        if (r.layout->columns[i].name == name)
            return i;
    return std::nullopt;
}

} // namespace

std::optional<double> row_view::number(std::string_view name) const
{
    auto const i = column_of(r, name);
    auto const v = i && severity_of(r.cells[*i].q) != severity::bad ? scaled_number(r, *i) : std::nan("");
    return std::isnan(v) ? std::nullopt : std::optional{v};
}

std::optional<double> row_view::sure(std::string_view point, std::string_view part) const
{
    auto const name = std::string{point} + std::string{part};
    auto const i = column_of(r, name);
    auto const coverage = number(std::string{point} + std::string{aggregate::coverage});
    if (!i || severity_of(r.cells[*i].q) != severity::good || coverage.value_or(0) < coverage_good)
        return std::nullopt;
    return number(name);
}

} // namespace kilnwatt::energy
