#include "agent/energy/aggregate_row.hpp"

#include "core/aggregate_columns.hpp"

#include <fmt/format.h>

#include <utility>

namespace kilnwatt::energy {
namespace {

using states = std::vector<std::pair<std::int64_t, std::string>>;

states method_states()
{
    return {{0, "counter"}, {1, "integral"}, {2, "model"}};
}

column whole_number(std::string name, std::string unit = "", states s = {})
{
    column c;
    c.name = std::move(name);
    c.unit = std::move(unit);
    c.states = std::move(s);
    return c;
}

column real_number(std::string const& name, std::string_view part, std::string unit)
{
    column c;
    c.name = name + std::string{part};
    c.unit = std::move(unit);
    c.kind = value_kind::f64;
    return c;
}

column text(std::string_view name)
{
    column c;
    c.name = name;
    c.kind = value_kind::text;
    return c;
}

std::vector<column> frame_columns()
{
    std::vector<column> columns;
    columns.push_back(whole_number(std::string{aggregate::start}, "ms"));
    columns.push_back(whole_number(std::string{aggregate::end}, "ms"));
    columns.push_back(whole_number(std::string{aggregate::revision}));
    return columns;
}

void add_frame(std::vector<cell>& cells, instant start, instant end)
{
    cells.push_back(cell_of(std::int64_t{start}));
    cells.push_back(cell_of(std::int64_t{end}));
    cells.push_back(cell_of(std::int64_t{0}));
}

cell number(double v, quality q)
{
    return severity_of(q) == severity::bad ? absent(q) : cell_of(v, q);
}

cell number_of(method m)
{
    return cell_of(std::int64_t{static_cast<std::uint8_t>(m)});
}

layout_ptr event_layout()
{
    static auto const shared = [] {
        auto l = std::make_shared<layout>();
        l->device = aggregate::site;
        l->kind = stream::event;
        l->source = "energy";
        l->columns = {
            text(aggregate::event_kind), text(aggregate::event_subject),
            whole_number(std::string{aggregate::event_severity}, "", {{0, "info"}, {1, "warning"}, {2, "alarm"}}),
            text(aggregate::event_message)};
        return l;
    }();
    return shared;
}

struct wording {
    std::string_view kind;
    std::int64_t severity;
    std::string_view message; ///< device, point, previous, current, delta
};

wording wording_of(counter_incident const& i)
{
    if (i.refuted)
        return {"counter_spike", 1, "{0}.{1} read {3} between readings near {2}; the reading is dropped"};
    switch (i.step) {
    case counter_step::rollover:
        return {"counter_rollover", 0, "{}.{} ran over its end from {} to {}; {} was used in between"};
    case counter_step::reset:
        return {"counter_reset", 1, "{}.{} fell from {} to {} and counts from zero; {} since then is kept"};
    default:
        return {"meter_replaced", 1, "{}.{} went from {} to {}; what was used in between is unknown"};
    }
}

} // namespace

void aggregate_rows::keep(std::vector<column> columns)
{
    if (layout_ && layout_->columns == columns)
        return;
    auto l = std::make_shared<layout>();
    l->device = device_;
    l->kind = kind_;
    l->source = "energy";
    l->columns = std::move(columns);
    layout_ = std::move(l);
}

row aggregate_rows::make(device_window const& w, stamp at)
{
    auto columns = frame_columns();
    row r;
    r.time = at;
    add_frame(r.cells, w.start, w.end);
    for (auto const& g : w.gauges) {
        columns.push_back(real_number(g.name, aggregate::mean, g.unit));
        columns.push_back(real_number(g.name, aggregate::min, g.unit));
        columns.push_back(real_number(g.name, aggregate::max, g.unit));
        columns.push_back(real_number(g.name, aggregate::last, g.unit));
        columns.push_back(real_number(g.name, aggregate::coverage, ""));
        auto const q = g.sum.quality_of_mean(w.length());
        auto const seen = g.sum.has_value() ? g.sum.worst : q;
        r.cells.push_back(number(g.sum.covered == 0 ? 0 : g.sum.mean(), q));
        r.cells.push_back(number(g.sum.min, seen));
        r.cells.push_back(number(g.sum.max, seen));
        r.cells.push_back(number(g.sum.last, seen));
        r.cells.push_back(cell_of(g.sum.coverage(w.length())));
    }
    for (auto const& c : w.counters) {
        columns.push_back(real_number(c.name, aggregate::delta, c.unit));
        columns.push_back(real_number(c.name, aggregate::coverage, ""));
        columns.push_back(whole_number(c.name + std::string{aggregate::method}, "", method_states()));
        r.cells.push_back(number(c.delta.value, c.delta.known ? c.delta.q : combined(c.delta.q, quality::no_data)));
        r.cells.push_back(cell_of(static_cast<double>(c.delta.covered) / static_cast<double>(w.length())));
        r.cells.push_back(number_of(c.delta.how));
    }
    keep(std::move(columns));
    r.layout = layout_;
    return r;
}

row aggregate_rows::make(std::vector<figure> const& figures, instant start, instant end, stamp at)
{
    auto columns = frame_columns();
    row r;
    r.time = at;
    add_frame(r.cells, start, end);
    for (auto const& f : figures) {
        columns.push_back(real_number(f.name, "", f.unit));
        columns.push_back(real_number(f.name, aggregate::coverage, ""));
        columns.push_back(whole_number(f.name + std::string{aggregate::method}, "", method_states()));
        auto const v = finish(f, end - start);
        r.cells.push_back(v.known ? cell_of(v.value, v.q) : absent(v.q));
        r.cells.push_back(cell_of(v.coverage));
        r.cells.push_back(number_of(v.how));
    }
    keep(std::move(columns));
    r.layout = layout_;
    return r;
}

row event_row(std::string const& device, std::string const& point, counter_incident const& i, stamp at)
{
    auto const w = wording_of(i);
    row r;
    r.layout = event_layout();
    r.time = at;
    r.texts = {std::string{w.kind}, device,
               fmt::format(fmt::runtime(w.message), device, point, i.previous, i.current, i.delta)};
    r.cells = {cell_of(std::uint64_t{0}), cell_of(std::uint64_t{1}), cell_of(w.severity), cell_of(std::uint64_t{2})};
    return r;
}

} // namespace kilnwatt::energy
