#include "agent/report/reduction_claim.hpp"

#include "agent/report/entered_figures.hpp"
#include "agent/savings/reduction.hpp"

#include <fmt/format.h>

namespace kilnwatt::report {
namespace {

void append(std::string& list, std::string const& next)
{
    list += (list.empty() ? "" : "; ") + next;
}

int year_of(intensity const& i)
{
    return std::stoi(i.label.substr(0, 4));
}

void add_change(reduction_claim& claim, entries::entry_book const& typed, std::string const& item,
                std::string const& name)
{
    auto const before = typed.total(item, claim.base.label);
    auto const now = typed.total(item, claim.end.label);
    auto const made_before = typed.total("production", claim.base.label);
    auto const made_now = typed.total("production", claim.end.label);
    if (!before || !now || before->unit != now->unit || before->value <= 0 || now->value <= 0)
        return;
    auto const sources = origin_of(*before) + "; " + origin_of(*now);
    if (item == "operating_cost") {
        claim.changes.push_back({name, savings::relative_change(before->value, now->value), sources});
        return;
    }
    if (!made_before || !made_now || made_before->unit != made_now->unit || made_before->value <= 0 ||
        made_now->value <= 0)
        return;
    claim.changes.push_back(
        {name, savings::utilisation_change(before->value / made_before->value, now->value / made_now->value), sources});
}

} // namespace

std::optional<intensity> intensity_of(std::string const& label, stored_period const* stored,
                                      entries::entry_book const& typed, energy::plant_model const& plant,
                                      std::string& why)
{
    auto const span = label.size() > 4 ? "month" : "year";
    intensity found{label, 0, "", "", {}};
    auto energy = entered_figure_of("tce.total", label, typed, plant, why);
    if (auto const held = stored == nullptr ? std::nullopt : stored->value("tce.total"); !energy && held)
        energy = entered_figure{*held, "kgce", "tce.total from stored windows", {}};
    if (!energy) {
        if (why.find("no energy") != std::string::npos)
            why = fmt::format("{}: no energy is stored or entered for that {}; enter it with `kilnwatt import`", label,
                              span);
        return std::nullopt;
    }
    found.sources = energy->sources;
    found.carriers = energy->carriers;
    double made = 0;
    if (auto const e = typed.total("production", label)) {
        made = e->value;
        found.unit = "kgce/" + e->unit;
        append(found.sources, origin_of(*e));
    } else if (stored != nullptr) {
        made = stored->value("production.mass").value_or(0);
        found.unit = "kgce/t";
        append(found.sources, "production.mass from stored windows");
    }
    if (made <= 0) {
        why = fmt::format("{}: no production is stored or entered for that {}; enter it with `kilnwatt import` or "
                          "`kilnwatt production add`",
                          label, span);
        return std::nullopt;
    }
    found.value = energy->value / made;
    return found;
}

std::optional<reduction_claim> claim_of(intensity base, intensity end, entries::entry_book const& typed,
                                        std::string& why)
{
    reduction_claim claim;
    claim.base = std::move(base);
    claim.end = std::move(end);
    claim.years = year_of(claim.end) - year_of(claim.base);
    if (claim.years < 1) {
        why = fmt::format("the base {} is not before {}", claim.base.label, claim.end.label);
        return std::nullopt;
    }
    if (claim.base.unit != claim.end.unit || claim.base.value <= 0) {
        why = fmt::format("{} and {} cannot be compared: {} and {}", claim.base.label, claim.end.label, claim.base.unit,
                          claim.end.unit);
        return std::nullopt;
    }
    if (auto const& a = claim.base.carriers, &b = claim.end.carriers; !a.empty() && !b.empty() && a != b) {
        why = fmt::format("{} and {} cannot be compared: {} of the one, {} of the other; enter 0 where nothing was "
                          "bought",
                          claim.base.label, claim.end.label, fmt::join(a, ", "), fmt::join(b, ", "));
        return std::nullopt;
    }
    claim.cumulative = savings::reduction(claim.base.value, claim.end.value);
    claim.yearly = savings::annual_rate(claim.cumulative, claim.years);
    claim.changes.push_back(
        {"util.energy", savings::utilisation_change(claim.base.value, claim.end.value), "energy per product of both"});
    add_change(claim, typed, "material", "util.material");
    add_change(claim, typed, "operating_cost", "util.opex");
    return claim;
}

} // namespace kilnwatt::report
