#include "agent/publish/cell_json.hpp"

#include <limits>
#include <optional>

namespace kilnwatt::publish {
namespace {

std::optional<std::int64_t> as_state(value const& v)
{
    if (auto const* i = std::get_if<std::int64_t>(&v))
        return *i;
    auto const* u = std::get_if<std::uint64_t>(&v);
    if (u && *u <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return static_cast<std::int64_t>(*u);
    return std::nullopt;
}

std::string const* text_of(column const& c, value const& v)
{
    if (c.states.empty())
        return nullptr;
    auto const number = as_state(v);
    if (!number)
        return nullptr;
    for (auto const& [state, text] : c.states)
        if (state == *number)
            return &text;
    return nullptr;
}

} // namespace

void write_cell(json_writer& out, std::string_view key, row const& r, std::size_t column)
{
    auto const v = scaled(r, column);
    out.member(key, v);
    if (auto const* text = text_of(r.layout->columns[column], v))
        out.member(std::string{key} + "_text", *text);
}

std::string const* state_text(row const& r, std::size_t column)
{
    return text_of(r.layout->columns[column], scaled(r, column));
}

quality published_quality(row const& r, std::size_t column)
{
    auto const q = r.cells[column].q;
    bool const silent = std::holds_alternative<std::monostate>(scaled(r, column));
    return silent && severity_of(q) != severity::bad ? quality::not_supported : q;
}

} // namespace kilnwatt::publish
