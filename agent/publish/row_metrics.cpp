#include "agent/publish/row_metrics.hpp"

#include "agent/publish/cell_json.hpp"
#include "agent/publish/device_catalogue.hpp"
#include "core/aggregate_columns.hpp"

#include <cmath>
#include <limits>

namespace kilnwatt::publish {
namespace {

using sparkplug::datatype;
using sparkplug::metric_value;

bool is_head(layout const& l, column const& c)
{
    bool const aggregate_row = l.kind != stream::readings && l.kind != stream::event;
    return aggregate_row && (c.name == aggregate::start || c.name == aggregate::end || c.name == aggregate::revision);
}

std::string name_in(layout const& l, std::string_view column_name)
{
    if (l.kind == stream::readings)
        return sparkplug::metric_name(column_name);
    return std::string{to_string(l.kind)} + '/' + sparkplug::metric_name(column_name);
}

datatype type_of(layout const& l, column const& c)
{
    if (c.kind == value_kind::text || (!c.states.empty() && l.kind != stream::readings))
        return datatype::string;
    bool const whole = (c.kind == value_kind::i64 || c.kind == value_kind::u64) && c.exponent_column < 0 &&
                       std::trunc(c.scale) == c.scale && std::trunc(c.offset) == c.offset;
    return whole ? datatype::int64 : datatype::float64;
}

/// A number that the metric's type cannot hold is null, not a wrong number.
metric_value as_type(value const& v, datatype type)
{
    if (auto const* text = std::get_if<std::string>(&v))
        return *text;
    if (std::holds_alternative<std::monostate>(v))
        return {};
    if (type != datatype::int64)
        return as_number(v);
    if (auto const* i = std::get_if<std::int64_t>(&v))
        return *i;
    auto const* u = std::get_if<std::uint64_t>(&v);
    if (u && *u <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return static_cast<std::int64_t>(*u);
    return {};
}

std::vector<sparkplug::property> quality_of(quality q)
{
    std::vector<sparkplug::property> said;
    if (q == quality::good)
        return said;
    if (severity_of(q) == severity::bad)
        said.push_back({"Quality", std::int32_t{0}});
    else if (q == quality::held || q == quality::held_offline)
        said.push_back({"Quality", std::int32_t{500}});
    said.push_back({"cause", std::string{to_string(q)}});
    return said;
}

utc_time time_of(row const& r)
{
    for (std::size_t i = 0; i < r.layout->columns.size(); ++i)
        if (is_head(*r.layout, r.layout->columns[i]) && r.layout->columns[i].name == aggregate::start)
            if (auto const v = scaled(r, i); std::holds_alternative<std::int64_t>(v))
                return utc_time{milliseconds{std::get<std::int64_t>(v)}};
    return r.time.utc;
}

bool has_text(layout const& l, column const& c)
{
    return l.kind == stream::readings && !c.states.empty();
}

} // namespace

std::string unit_of(layout const& l)
{
    return l.device == aggregate::site ? std::string{} : l.device;
}

std::vector<sparkplug::definition> metrics_of(layout const& l)
{
    std::vector<sparkplug::definition> all;
    for (std::size_t i = 0; i < l.columns.size(); ++i) {
        auto const& c = l.columns[i];
        if (is_exponent(l, i) || is_head(l, c))
            continue;
        all.push_back({name_in(l, c.name), type_of(l, c), c.unit});
        if (has_text(l, c))
            all.push_back({name_in(l, c.name + "_text"), datatype::string, {}});
    }
    return all;
}

std::vector<sparkplug::sample> samples_of(row const& r)
{
    auto const& l = *r.layout;
    auto const time = time_of(r);
    std::vector<sparkplug::sample> all;
    for (std::size_t i = 0; i < l.columns.size(); ++i) {
        auto const& c = l.columns[i];
        if (is_exponent(l, i) || is_head(l, c))
            continue;
        auto const type = type_of(l, c);
        auto const* state = state_text(r, i);
        auto const said = quality_of(published_quality(r, i));
        bool const named = type == datatype::string && state;
        all.push_back({name_in(l, c.name), time, named ? metric_value{*state} : as_type(scaled(r, i), type), said});
        if (has_text(l, c))
            all.push_back({name_in(l, c.name + "_text"), time, state ? metric_value{*state} : metric_value{}, said});
    }
    return all;
}

} // namespace kilnwatt::publish
