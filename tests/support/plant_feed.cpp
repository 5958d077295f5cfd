#include "tests/support/plant_feed.hpp"

#include "core/aggregate_columns.hpp"
#include "core/point_names.hpp"

#include <fmt/format.h>

#include <cmath>

namespace kilnwatt::energy::test {

source::source(std::string device, std::vector<std::string> points)
{
    auto l = std::make_shared<layout>();
    l->device = std::move(device);
    l->source = "test";
    for (auto& p : points) {
        column c;
        c.kind = value_kind::f64;
        if (auto const m = point_meaning_of(p)) {
            c.unit = m->unit;
            c.counter = m->kind == point_kind::counter;
        }
        c.name = std::move(p);
        l->columns.push_back(std::move(c));
    }
    layout_ = std::move(l);
}

row source::at(std::int64_t ms, std::vector<double> const& values) const
{
    std::vector<cell> cells;
    for (auto const v : values)
        cells.push_back(std::isnan(v) ? absent(quality::timeout) : cell_of(v));
    return with(ms, std::move(cells));
}

row source::with(std::int64_t ms, std::vector<cell> cells) const
{
    return {layout_, time_at(ms), std::move(cells), {}};
}

stamp time_at(std::int64_t ms)
{
    constexpr std::int64_t hour_ms = 3'600'000;
    return {mono_time{milliseconds{hour_ms + ms}}, utc_time{milliseconds{t0 + ms}}};
}

row const* window(std::vector<row> const& rows, std::string_view device, stream kind, std::int64_t ms)
{
    for (auto const& r : rows)
        if (r.layout->device == device && r.layout->kind == kind &&
            static_cast<std::int64_t>(r.cells.at(0).bits) == t0 + ms)
            return &r;
    return nullptr;
}

std::optional<found> look(std::vector<row> const& rows, std::string_view device, stream kind, std::int64_t ms,
                          std::string_view column)
{
    auto const* r = window(rows, device, kind, ms);
    if (r == nullptr)
        return std::nullopt;
    for (std::size_t i = 0; i < r->layout->columns.size(); ++i)
        if (r->layout->columns[i].name == column)
            return found{scaled_number(*r, i), r->cells[i].q};
    return std::nullopt;
}

std::optional<found> figure_at(std::vector<row> const& rows, stream kind, std::int64_t ms, std::string_view name)
{
    return look(rows, aggregate::site, kind, ms, name);
}

std::string text_of(row const& r)
{
    auto text = fmt::format("{} {} {} {}", r.layout->device, to_string(r.layout->kind),
                            r.time.mono.time_since_epoch().count(), r.time.utc.time_since_epoch().count());
    for (std::size_t i = 0; i < r.cells.size(); ++i)
        text += fmt::format(" {}[{}]={:x}:{}:{}", r.layout->columns[i].name, r.layout->columns[i].unit, r.cells[i].bits,
                            to_string(r.cells[i].q), r.cells[i].present);
    for (auto const& t : r.texts)
        text += " " + t;
    return text;
}

std::vector<std::string> texts_of(std::vector<row> const& rows)
{
    std::vector<std::string> texts;
    for (auto const& r : rows)
        texts.push_back(text_of(r));
    return texts;
}

} // namespace kilnwatt::energy::test
