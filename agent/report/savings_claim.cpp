#include "agent/report/savings_claim.hpp"

#include <fmt/format.h>

namespace kilnwatt::report {
namespace {

constexpr double coverage_good = 0.95;

} // namespace

double savings_claim::coverage() const
{
    return expected == 0 ? 0 : static_cast<double>(figures.periods.size()) / static_cast<double>(expected);
}

std::optional<quality> savings_claim::q() const
{
    if (figures.periods.empty())
        return quality::no_data;
    if (!refusals.empty())
        return std::nullopt;
    auto const known = worst(inputs, figures.extrapolated > 0 ? quality::engineering_range : quality::good);
    return worst(known, coverage() < coverage_good ? quality::low_coverage : quality::good);
}

std::string savings_claim::origin() const
{
    auto text = fmt::format("baseline {} ({} to {}), {} of {} {}s", base.id, base.first, base.last,
                            figures.periods.size(), expected, to_string(base.length));
    for (auto const* sentences : {&refusals, &cautions})
        for (auto const& sentence : *sentences)
            text += "; " + sentence;
    return text;
}

std::vector<savings_claim::figure> savings_claim::all() const
{
    auto const claimed = [&](double v) { return refusals.empty() ? std::optional{v} : std::nullopt; };
    return {{"mv.savings", base.unit, claimed(figures.saved)},
            {"mv.savings_pct", "%", claimed(100 * figures.fraction)},
            {"mv.uncertainty", "%", claimed(100 * figures.uncertainty)}};
}

savings_claim claim_of(savings::baseline b, savings::adjusted_savings s, quality inputs, std::size_t expected)
{
    savings_claim c;
    c.refusals = savings::refusals_of(b, s);
    c.cautions = savings::cautions_of(b, s);
    c.base = std::move(b);
    c.figures = std::move(s);
    c.inputs = inputs;
    c.expected = expected;
    return c;
}

} // namespace kilnwatt::report
