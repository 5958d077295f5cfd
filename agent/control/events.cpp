#include "agent/control/events.hpp"

#include "core/aggregate_columns.hpp"

namespace kilnwatt::control {
namespace {

layout_ptr event_layout()
{
    static auto const shared = [] {
        layout l;
        l.device = aggregate::site;
        l.kind = stream::event;
        l.source = "agent";
        for (auto const name : {aggregate::event_kind, aggregate::event_subject})
            l.columns.push_back({.name = std::string{name}, .kind = value_kind::text});
        l.columns.push_back({.name = std::string{aggregate::event_severity},
                             .states = {{0, "info"}, {1, "warning"}, {2, "alarm"}}});
        l.columns.push_back({.name = std::string{aggregate::event_message}, .kind = value_kind::text});
        return std::make_shared<layout const>(std::move(l));
    }();
    return shared;
}

} // namespace

row event_row(std::string kind, std::string subject, event_severity severity, std::string message, stamp now)
{
    row r{event_layout(), now, {}, {std::move(kind), std::move(subject), std::move(message)}};
    r.cells = {cell_of(std::uint64_t{0}), cell_of(std::uint64_t{1}), cell_of(static_cast<std::int64_t>(severity)),
               cell_of(std::uint64_t{2})};
    return r;
}

} // namespace kilnwatt::control
