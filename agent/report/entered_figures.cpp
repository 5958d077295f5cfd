#include "agent/report/entered_figures.hpp"

#include "agent/energy/target.hpp"
#include "agent/report/coefficients.hpp"
#include "core/energy_carrier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kilnwatt::report {
namespace {

/// A figure per product, and what the product is counted in.
struct per_product {
    std::string_view leaf, unit, amount;
};
constexpr std::array<per_product, 3> products{{{".unit", "t", "production.mass"},
                                               {".per_m2", "m2", "production.area"},
                                               {".per_piece", "piece", "production.count"}}};

per_product const* product_of(std::string_view figure)
{
    auto const p = std::find_if(products.begin(), products.end(), [&](per_product const& x) {
        return figure == "tce" + std::string{x.leaf} || figure == "co2" + std::string{x.leaf};
    });
    return p == products.end() ? nullptr : p;
}

std::string item_of(std::string_view figure)
{
    auto const leaf = figure.starts_with("tce.") ? figure.substr(4) : std::string_view{};
    return leaf == "gas" ? std::string{energy::natural_gas} : std::string{leaf};
}

void append(std::string& list, std::string const& next)
{
    list += (list.empty() ? "" : "; ") + next;
}

std::optional<coefficient> emission_coefficient(energy::plant_model const& plant, std::string const& item,
                                                std::string const& period)
{
    if (item == "electricity") {
        auto const& f = plant.emissions.grid_of(std::stoi(period.substr(0, 4)));
        return coefficient{item, f.kg_per_kwh, "kgCO2/kWh", fmt::format("{} {}: {}", f.region, f.year, f.source)};
    }
    auto const c = energy::carrier_named(plant, item);
    return c ? std::optional{coefficient{item, c->co2_kg, "kgCO2/" + c->unit, c->co2_source}} : std::nullopt;
}

bool emission_is_known(energy::plant_model const& plant, std::string const& item)
{
    auto const* usual = energy_carrier_named(item);
    auto const own = energy::carrier_named(plant, item);
    return usual == nullptr || usual->co2_kg || (own && own->co2_kg > 0);
}

struct adder {
    std::string const& period;
    entries::entry_book const& typed;
    energy::plant_model const& plant;
    std::string& why;

    /// Nothing when nothing was entered; `why` when that is not the whole period.
    std::optional<entries::entry> total(std::string const& item)
    {
        auto found = typed.total(item, period);
        auto const all = typed.of(item);
        if (!found && std::any_of(all.begin(), all.end(), [&](auto const* e) { return e->period.starts_with(period); }))
            why = fmt::format("{}: {} is entered for a part of it only, or in several units", period, item);
        return found;
    }

    std::optional<entered_figure> carriers(bool emissions)
    {
        entered_figure sum{0, emissions ? "kg" : "kgce", "", {}};
        for (auto const name : entries::item_names()) {
            std::string const item{name};
            if (!carrier_coefficient(plant, item))
                continue;
            auto const e = total(item);
            if (!why.empty())
                return std::nullopt;
            if (!e)
                continue;
            auto const c = emissions ? *emission_coefficient(plant, item, period) : *carrier_coefficient(plant, item);
            if (emissions && !emission_is_known(plant, item)) {
                why = fmt::format("{} has no usual emission factor: give it in [[energy.carrier]]", item);
                return std::nullopt;
            }
            sum.value += e->value * c.value;
            sum.carriers.insert(item);
            append(sum.sources, origin_of(*e) + fmt::format(" at {:g} {} ({})", c.value, c.unit, c.source));
        }
        if (!sum.carriers.empty())
            return sum;
        why = fmt::format("{}: no energy is entered for it; enter it with `kilnwatt import`", period);
        return std::nullopt;
    }

    std::optional<entered_figure> product(std::string_view unit)
    {
        auto const e = total("production");
        if (e && e->unit == unit)
            return entered_figure{e->value, e->unit, origin_of(*e), {}};
        if (why.empty())
            why = fmt::format("{}: no production in {} is entered for it; enter it with `kilnwatt import` or `kilnwatt "
                              "production add`",
                              period, unit);
        return std::nullopt;
    }

    std::optional<entered_figure> one_carrier(std::string const& item)
    {
        auto const c = carrier_coefficient(plant, item);
        auto const e = c ? total(item) : std::nullopt;
        if (!e) {
            if (why.empty())
                why = fmt::format("{}: no {} is entered for it", period, item);
            return std::nullopt;
        }
        return entered_figure{e->value * c->value,
                              "kgce",
                              origin_of(*e) + fmt::format(" at {:g} {} ({})", c->value, c->unit, c->source),
                              {item}};
    }
};

std::optional<entered_figure> quotient(std::optional<entered_figure> energy, std::optional<entered_figure> const& made,
                                       std::string& why)
{
    if (!energy || !made)
        return std::nullopt;
    if (!(made->value > 0)) {
        why = "the production that was entered is 0";
        return std::nullopt;
    }
    energy->value /= made->value;
    energy->unit += "/" + made->unit;
    append(energy->sources, made->sources);
    return energy;
}

entered_figure measured(stored_figure const& f)
{
    return {*f.value, f.unit, f.name + " as measured", {}};
}

} // namespace

std::string origin_of(entries::entry const& e)
{
    return fmt::format("{} {:.10g} {} ({}, {})", e.item, e.value, e.unit, e.source, e.author);
}

bool can_be_entered(std::string_view figure)
{
    auto const made = std::any_of(products.begin(), products.end(), [&](auto const& p) { return p.amount == figure; });
    auto const names = entries::item_names();
    auto const carrier = carrier_coefficient({}, item_of(figure)).has_value();
    return made || carrier || figure == "tce.total" || figure == "co2.total" || product_of(figure) != nullptr ||
           figure.ends_with(".e") || figure == "grid.e_imp" || figure == "site.e_load";
}

std::optional<entered_figure> entered_figure_of(std::string const& figure, std::string const& period,
                                                entries::entry_book const& typed, energy::plant_model const& plant,
                                                std::string& why)
{
    why.clear();
    adder from{period, typed, plant, why};
    if (auto const own = from.total(figure))
        return entered_figure{own->value, own->unit, origin_of(*own), {}};
    if (!why.empty())
        return std::nullopt;
    if (figure == "tce.total" || figure == "co2.total")
        return from.carriers(figure.starts_with("co2"));
    if (auto const* p = product_of(figure)) {
        auto sum = from.carriers(figure.starts_with("co2"));
        return sum ? quotient(std::move(sum), from.product(p->unit), why) : std::nullopt;
    }
    for (auto const& p : products)
        if (figure == p.amount)
            return from.product(p.unit);
    if (auto const item = item_of(figure); !item.empty())
        return from.one_carrier(item);
    why = fmt::format("{}: no {} is entered for it; enter it with `kilnwatt import`", period, figure);
    return std::nullopt;
}

void add_entered(stored_period& p, std::string const& period, entries::entry_book const& typed,
                 energy::plant_model const& plant)
{
    std::string why;
    auto const add = [&](std::string const& name, std::optional<entered_figure> const& f) {
        if (!f || p.value(name))
            return;
        std::erase_if(p.figures, [&](stored_figure const& x) { return x.name == name; }); // one without a value
        p.figures.push_back({name, f->unit, f->value, quality::manual_value, 1, "entered", {}, f->sources});
    };
    auto const take = [&](std::string const& name) { add(name, entered_figure_of(name, period, typed, plant, why)); };
    auto const energy_is_measured = p.value("tce.total").has_value();
    for (auto const name : entries::item_names()) {
        std::string const item{name};
        if (energy_is_measured || !carrier_coefficient(plant, item))
            continue;
        take("tce." + (item == energy::natural_gas ? "gas" : item));
        if (auto const e = typed.total(item, period))
            add("bought." + item, entered_figure{e->value, e->unit, origin_of(*e), {item}});
    }
    for (auto const* total : {"tce.total", "co2.total"})
        if (!energy_is_measured)
            take(total);
    for (auto const& made : products) {
        take(std::string{made.amount});
        for (auto const* group : {"tce", "co2"}) {
            auto const* sum = p.find(std::string{group} + ".total");
            auto const* product = p.find(made.amount);
            if (sum == nullptr || product == nullptr || !sum->value || !product->value)
                continue;
            auto const part = [](stored_figure const& f) {
                return f.source.empty() ? measured(f) : entered_figure{*f.value, f.unit, f.source, {}};
            };
            add(group + std::string{made.leaf}, quotient(part(*sum), part(*product), why));
        }
    }
}

void take_entered_bases(std::vector<energy::target_model>& targets, entries::entry_book const& typed,
                        energy::plant_model const& plant)
{
    for (auto& t : targets) {
        if (!t.base_is_entered)
            continue;
        std::string why;
        auto const found = entered_figure_of(t.figure, fmt::format("{:04}", t.base_year), typed, plant, why);
        if (!found)
            t.base_source = why;
        else if (found->unit != t.unit)
            t.base_source =
                fmt::format("{}: {} was entered in {}, not in {}", t.base_year, t.figure, found->unit, t.unit);
        else if (!energy::set_base(t, found->value, found->sources))
            t.base_source = fmt::format("{:g} {} in {} is not above 0 and the aim ({})", found->value, t.unit,
                                        t.base_year, found->sources);
    }
}

} // namespace kilnwatt::report
