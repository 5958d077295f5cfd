#include "core/meter_exchange.hpp"

#include <cmath>
#include <memory>

namespace kilnwatt {
namespace {

constexpr std::string_view source_name = "kilnwatt meter exchange";

column column_of(std::string name, value_kind kind, std::string unit = "")
{
    column c;
    c.name = std::move(name);
    c.kind = kind;
    c.unit = std::move(unit);
    return c;
}

} // namespace

row to_row(meter_exchange const& x)
{
    auto l = std::make_shared<layout>();
    l->device = x.device;
    l->kind = stream::entry;
    l->source = source_name;
    l->columns = {column_of("final", value_kind::f64, x.unit), column_of("first", value_kind::f64, x.unit),
                  column_of("at", value_kind::i64, "ms"),      column_of("point", value_kind::text),
                  column_of("source", value_kind::text),       column_of("author", value_kind::text)};
    row r;
    r.layout = std::move(l);
    r.texts = {x.point, x.source, x.author};
    r.cells = {cell_of(x.final_reading, quality::manual_value),
               cell_of(x.first_reading, quality::manual_value),
               cell_of(std::int64_t{x.at.time_since_epoch().count()}),
               cell_of(std::uint64_t{0}),
               cell_of(std::uint64_t{1}),
               cell_of(std::uint64_t{2})};
    return r;
}

std::optional<meter_exchange> exchange_of(row const& r)
{
    if (!r.layout || r.layout->kind != stream::entry || r.layout->source != source_name || r.cells.size() != 6 ||
        r.layout->columns.size() != 6 || r.texts.size() != 3)
        return std::nullopt;
    meter_exchange const x{r.layout->device,
                           r.texts[0],
                           r.layout->columns[0].unit,
                           utc_time{milliseconds{static_cast<std::int64_t>(r.cells[2].bits)}},
                           scaled_number(r, 0),
                           scaled_number(r, 1),
                           r.texts[1],
                           r.texts[2]};
    if (!std::isfinite(x.final_reading) || !std::isfinite(x.first_reading))
        return std::nullopt;
    return x;
}

} // namespace kilnwatt
