#include "agent/report/stored_period.hpp"

#include "core/aggregate_columns.hpp"

#include <algorithm>
#include <cmath>

namespace kilnwatt::report {
namespace {

std::optional<std::int64_t> whole(row const& r, std::string_view name)
{
    for (std::size_t i = 0; i < r.layout->columns.size(); ++i)
        if (r.layout->columns[i].name == name && r.cells[i].present)
            return static_cast<std::int64_t>(r.cells[i].bits);
    return std::nullopt;
}

std::string word_of(column const& c, cell const& x)
{
    for (auto const& [number, word] : c.states)
        if (x.present && number == static_cast<std::int64_t>(x.bits))
            return word;
    return {};
}

std::optional<double> number(row const& r, std::size_t i)
{
    auto const v = scaled_number(r, i);
    return std::isfinite(v) ? std::optional{v} : std::nullopt;
}

/// Notes a column that belongs to the figure before it; false for one that begins a figure.
bool add_part(stored_figure& f, row const& r, std::size_t i)
{
    auto const& c = r.layout->columns[i];
    if (c.name.rfind(f.name, 0) != 0)
        return false;
    auto const part = std::string_view{c.name}.substr(f.name.size());
    if (part == aggregate::coverage)
        f.coverage = number(r, i).value_or(0);
    else if (part == aggregate::method)
        f.method = word_of(c, r.cells[i]);
    else if (part == aggregate::partial)
        f.partial = number(r, i);
    else if (part == aggregate::at)
        f.at = r.cells[i].present ? std::optional{static_cast<std::int64_t>(r.cells[i].bits)} : std::nullopt;
    else
        return false;
    return true;
}

} // namespace

stored_figure const* stored_period::find(std::string_view name) const
{
    auto const f = std::find_if(figures.begin(), figures.end(), [&](stored_figure const& x) { return x.name == name; });
    return f == figures.end() ? nullptr : &*f;
}

std::optional<double> stored_period::value(std::string_view name) const
{
    auto const* f = find(name);
    return f == nullptr ? std::nullopt : f->value;
}

std::optional<stored_period> period_of(row const& r)
{
    if (!r.layout || !is_kpi(r.layout->kind) || r.cells.size() != r.layout->columns.size())
        return std::nullopt;
    auto const start = whole(r, aggregate::start);
    auto const end = whole(r, aggregate::end);
    if (!start || !end || *start >= *end)
        return std::nullopt;
    stored_period p{{*start, *end}, whole(r, aggregate::revision).value_or(0), {}};
    for (std::size_t i = 0; i < r.layout->columns.size(); ++i) {
        auto const& c = r.layout->columns[i];
        if (c.name == aggregate::start || c.name == aggregate::end || c.name == aggregate::revision)
            continue;
        if (!p.figures.empty() && add_part(p.figures.back(), r, i))
            continue;
        auto& f = p.figures.emplace_back();
        f.name = c.name;
        f.unit = c.unit;
        f.q = r.cells[i].q;
        if (severity_of(f.q) != severity::bad)
            f.value = number(r, i);
    }
    return p;
}

void keep(std::vector<stored_period>& all, stored_period p)
{
    auto const at = std::lower_bound(all.begin(), all.end(), p, [](stored_period const& a, stored_period const& b) {
        return a.when.start < b.when.start;
    });
    if (at == all.end() || at->when.start != p.when.start)
        all.insert(at, std::move(p));
    else if (p.revision >= at->revision)
        *at = std::move(p);
}

} // namespace kilnwatt::report
