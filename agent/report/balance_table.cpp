#include "agent/report/balance_table.hpp"

#include <algorithm>
#include <cmath>

namespace kilnwatt::report {
namespace {

void add(std::vector<balance_table::line>& side, stored_period const& p, std::string_view name)
{
    if (auto const* f = p.find(name))
        side.push_back({name, f->value, f->q});
}

std::optional<double> sum_of(std::vector<balance_table::line> const& side)
{
    double sum = 0;
    for (auto const& l : side) {
        if (!l.kwh)
            return std::nullopt;
        sum += *l.kwh;
    }
    return side.empty() ? std::nullopt : std::optional{sum};
}

/// Loads with a meter of their own: all loads where nothing is unmetered.
balance_table::line loads_of(stored_figure const& load, stored_figure const* unmetered)
{
    balance_table::line l{metered_loads, load.value, load.q};
    if (unmetered == nullptr)
        return l;
    l.q = worst(load.q, unmetered->q == quality::balance_error ? quality::good : unmetered->q);
    l.kwh = load.value && unmetered->value ? std::optional{*load.value - *unmetered->value} : std::nullopt;
    return l;
}

} // namespace

balance_table balance_of(stored_period const& p)
{
    balance_table t;
    for (auto const* name : {"pv.e", "grid.e_imp", "bat.e_dis", "whr.e"})
        add(t.sources, p, name);
    if (auto const* load = p.find("site.e_load"); load != nullptr && !t.sources.empty())
        t.uses.push_back(loads_of(*load, p.find("site.unmetered")));
    for (auto const* name : {"grid.e_exp", "bat.e_cha", "site.e_loss"})
        add(t.uses, p, name);
    t.in = sum_of(t.sources);
    t.out = sum_of(t.uses);
    if (!t.in || !t.out)
        return t;
    t.residual = *t.in - *t.out;
    auto const size = std::max(*t.in, *t.out);
    t.share = size > 0 ? std::abs(*t.residual) / size : 0;
    return t;
}

} // namespace kilnwatt::report
