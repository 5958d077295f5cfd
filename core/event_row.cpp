#include "core/event_row.hpp"

#include "core/aggregate_columns.hpp"

#include <algorithm>
#include <array>

namespace kilnwatt {
namespace {

constexpr std::array names{"info", "warning", "alarm"};

layout_ptr event_layout()
{
    static auto const shared = [] {
        layout l;
        l.device = aggregate::site;
        l.kind = stream::event;
        l.source = "agent";
        for (auto const name : {aggregate::event_kind, aggregate::event_subject})
            l.columns.push_back({.name = std::string{name}, .kind = value_kind::text});
        l.columns.push_back({.name = std::string{aggregate::event_severity}});
        for (std::size_t i = 0; i < names.size(); ++i)
            l.columns.back().states.emplace_back(static_cast<std::int64_t>(i), names[i]);
        l.columns.push_back({.name = std::string{aggregate::event_message}, .kind = value_kind::text});
        return std::make_shared<layout const>(std::move(l));
    }();
    return shared;
}

value value_of(row const& r, std::string_view name)
{
    auto const& columns = r.layout->columns;
    auto const found = std::find_if(columns.begin(), columns.end(), [&](column const& c) { return c.name == name; });
    return found == columns.end() ? value{} : scaled(r, static_cast<std::size_t>(found - columns.begin()));
}

} // namespace

std::string_view to_string(event_severity s) noexcept
{
    auto const i = static_cast<std::size_t>(s);
    return i < names.size() ? names[i] : "info";
}

row event_row(std::string kind, std::string subject, event_severity severity, std::string message, stamp now)
{
    row r{event_layout(), now, {}, {std::move(kind), std::move(subject), std::move(message)}};
    r.cells = {cell_of(std::uint64_t{0}), cell_of(std::uint64_t{1}), cell_of(static_cast<std::int64_t>(severity)),
               cell_of(std::uint64_t{2})};
    return r;
}

std::optional<event> event_of(row const& r)
{
    if (r.layout->kind != stream::event)
        return std::nullopt;
    auto const kind = value_of(r, aggregate::event_kind);
    auto const subject = value_of(r, aggregate::event_subject);
    auto const severity = value_of(r, aggregate::event_severity);
    auto const message = value_of(r, aggregate::event_message);
    if (!std::holds_alternative<std::string>(kind) || !std::holds_alternative<std::string>(subject) ||
        !std::holds_alternative<std::int64_t>(severity) || !std::holds_alternative<std::string>(message))
        return std::nullopt;
    auto const number = std::clamp<std::int64_t>(std::get<std::int64_t>(severity), 0, names.size() - 1);
    return event{std::get<std::string>(kind), std::get<std::string>(subject), static_cast<event_severity>(number),
                 std::get<std::string>(message)};
}

} // namespace kilnwatt
