#include "agent/energy/aggregate_row.hpp"

#include "agent/energy/finding.hpp"
#include "agent/energy/roll_up.hpp"
#include "agent/energy/user_kpi.hpp"
#include "core/aggregate_columns.hpp"
#include "core/event_row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
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

cell number(double v, quality q)
{
    return severity_of(q) == severity::bad ? absent(q) : cell_of(v, q);
}

cell number_of(method m)
{
    return cell_of(std::int64_t{static_cast<std::uint8_t>(m)});
}

/// Columns and cells of one row, side by side.
struct row_builder {
    explicit row_builder(time_span when) : length{when.length()}
    {
        add(whole_number(std::string{aggregate::start}, "ms"), cell_of(std::int64_t{when.start}));
        add(whole_number(std::string{aggregate::end}, "ms"), cell_of(std::int64_t{when.end}));
        add(whole_number(std::string{aggregate::revision}), cell_of(std::int64_t{0}));
    }

    void add(column what, cell value)
    {
        columns.push_back(std::move(what));
        cells.push_back(value);
    }

    void add_gauge(std::string const& name, std::string const& unit, gauge_summary const& sum)
    {
        auto const q = sum.quality_of_mean(length);
        auto const seen = sum.has_value() ? sum.worst : q;
        add(real_number(name, aggregate::mean, unit), number(sum.covered == 0 ? 0 : sum.mean(), q));
        add(real_number(name, aggregate::min, unit), number(sum.min, seen));
        add(real_number(name, aggregate::max, unit), number(sum.max, seen));
        add(real_number(name, aggregate::last, unit), number(sum.last, seen));
        add(real_number(name, aggregate::coverage, ""), cell_of(sum.coverage(length)));
    }

    void add_counter(std::string const& name, std::string const& unit, counter_delta const& d)
    {
        add(real_number(name, aggregate::delta, unit),
            number(d.value, d.known ? d.q : combined(d.q, quality::no_data)));
        add(real_number(name, aggregate::coverage, ""),
            cell_of(static_cast<double>(d.covered) / static_cast<double>(length)));
        add(whole_number(name + std::string{aggregate::method}, "", method_states()), number_of(d.how));
    }

    void add_figure(std::string const& name, std::string const& unit, figure_value const& v)
    {
        add(real_number(name, "", unit), v.known ? cell_of(v.value, v.q) : absent(v.q));
        add(real_number(name, aggregate::coverage, ""), cell_of(v.coverage));
        add(whole_number(name + std::string{aggregate::method}, "", method_states()), number_of(v.how));
    }

    void add_time(std::string const& name, figure_value const& v)
    {
        add(whole_number(name + std::string{aggregate::at}, "ms"),
            v.known && v.at ? cell_of(std::int64_t{*v.at}) : absent(v.q));
    }

    instant length;
    std::vector<column> columns;
    std::vector<cell> cells;
};

/// Shares of the plant's sources and loads mean nothing while the two do not fit together.
bool leans_on_balance(figure const& f)
{
    return f.what == figure::kind::ratio && (f.name.starts_with("site.") || f.name == "pv.self_consumption");
}

struct wording {
    std::string_view kind;
    event_severity severity;
    std::string_view message; ///< device, point, previous, current, delta
};

wording wording_of(counter_incident const& i)
{
    if (i.refuted)
        return {"counter_spike", event_severity::warning,
                "{0}.{1} read {3} between readings near {2}; the reading is dropped"};
    switch (i.step) {
    case counter_step::rollover:
        return {"counter_rollover", event_severity::info,
                "{}.{} ran over its end from {} to {}; {} was used in between"};
    case counter_step::reset:
        return {"counter_reset", event_severity::warning,
                "{}.{} fell from {} to {} and counts from zero; {} since then is kept"};
    case counter_step::exchanged:
        return {"meter_exchanged", event_severity::info,
                "{}.{}: the meter was exchanged between {} and {}; by its readings {} was used in between"};
    default:
        return {"meter_replaced", event_severity::warning,
                "{}.{} went from {} to {}; what was used in between is unknown"};
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
    row_builder b{{w.start, w.end}};
    for (auto const& g : w.gauges)
        b.add_gauge(g.name, g.unit, g.sum);
    for (auto const& c : w.counters)
        b.add_counter(c.name, c.unit, c.delta);
    return finish(std::move(b.columns), std::move(b.cells), at);
}

row aggregate_rows::make(device_sums const& sums, time_span when, stamp at)
{
    row_builder b{when};
    for (auto const& g : sums.gauges)
        b.add_gauge(g.name, g.unit, g.sum);
    for (auto const& c : sums.counters) {
        auto const gain = energy::finish(c.sum, when.length());
        b.add_counter(c.name, c.unit, gain.delta);
        b.add(real_number(c.name, aggregate::partial, c.unit), cell_of(gain.partial));
    }
    return finish(std::move(b.columns), std::move(b.cells), at);
}

row aggregate_rows::make(std::vector<figure> const& figures, time_span when, stamp at)
{
    row_builder b{when};
    std::map<std::string, figure_value> values; ///< what the formulas may use
    auto const open = std::any_of(figures.begin(), figures.end(), [&](figure const& f) {
        return f.what == figure::kind::imbalance && f.shortest <= when.length() &&
               energy::finish(f, when.length()).q == quality::balance_error;
    });
    for (auto const& f : figures) {
        auto v = energy::finish(f, when.length());
        if (open && leans_on_balance(f))
            v.q = combined(v.q, quality::balance_error);
        if (formulas_ != nullptr)
            values.emplace(f.name, v);
        if (f.shortest > when.length() || (f.longest != 0 && f.longest < when.length()))
            continue;
        b.add_figure(f.name, f.unit, v);
        if (f.at)
            b.add_time(f.name, v);
        auto const sums_up = f.what == figure::kind::total || f.what == figure::kind::residual;
        if (sums_up && when.length() > quarter)
            b.add(real_number(f.name, aggregate::partial, f.unit), cell_of(v.partial));
    }
    if (formulas_ != nullptr) {
        for (auto const& k : formulas_->values(values, when.length())) {
            b.add_figure(k.kpi->name, k.kpi->unit, k.of);
            values[k.kpi->name] = k.of;
        }
        for (auto const& t : formulas_->progress(values, when))
            b.add_figure(t.name, t.unit, t.of);
    }
    return finish(std::move(b.columns), std::move(b.cells), at);
}

row aggregate_rows::finish(std::vector<column> columns, std::vector<cell> cells, stamp at)
{
    keep(std::move(columns));
    row r;
    r.layout = layout_;
    r.time = at;
    r.cells = std::move(cells);
    return r;
}

row event_row(finding const& f, stamp at)
{
    return kilnwatt::event_row(f.kind, f.subject, f.severity, f.message, at);
}

row event_row(std::string const& device, std::string const& point, counter_incident const& i, stamp at)
{
    auto const w = wording_of(i);
    return kilnwatt::event_row(std::string{w.kind}, device, w.severity,
                               fmt::format(fmt::runtime(w.message), device, point, i.previous, i.current, i.delta), at);
}

row lost_rows_event(std::size_t count, stamp at)
{
    return kilnwatt::event_row(
        "figures_lost", std::string{aggregate::site}, event_severity::warning,
        fmt::format("{} windows, figures and events were lost: more came at once than can wait to be stored", count),
        at);
}

} // namespace kilnwatt::energy
