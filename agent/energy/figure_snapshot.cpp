#include "agent/energy/byte_stream.hpp"
#include "agent/energy/figure.hpp"

#include <algorithm>

namespace kilnwatt::energy {

void save(byte_writer& w, figure const& f)
{
    w.text(f.name);
    w.text(f.unit);
    w.number(static_cast<std::uint8_t>(f.what));
    for (auto const x : {f.factor, f.floor.quarter, f.floor.hour, f.floor.day, f.floor.rate, f.range.least,
                         f.range.most, f.step_most, f.numerator, f.denominator, f.last})
        w.real(x);
    w.cause(f.range.beyond);
    w.number(f.unsteady ? 1 : 0);
    w.number(f.at ? 1 : 0);
    w.signed_number(f.at.value_or(0));
    w.number(f.by_reading_day ? 1 : 0);
    w.signed_number(f.shortest);
    w.signed_number(f.longest);
    w.signed_number(f.dubious);
    for (auto const* list : {&f.covered, &f.since}) {
        w.number(list->size());
        for (auto const c : *list)
            w.signed_number(c);
    }
    w.cause(f.q);
    w.cause(f.cause);
    w.number(static_cast<std::uint8_t>(f.how));
    w.number(f.steps.size());
    for (auto const& s : f.steps)
        save(w, s);
    w.number(f.spread.size());
    for (auto const& s : f.spread)
        save(w, s);
}

void load(byte_reader& r, figure& f)
{
    f.name = r.text();
    f.unit = r.text();
    auto const what = r.number();
    if (what > static_cast<std::uint8_t>(figure::kind::ratio))
        r.fail();
    f.what = static_cast<figure::kind>(what);
    for (auto* x : {&f.factor, &f.floor.quarter, &f.floor.hour, &f.floor.day, &f.floor.rate, &f.range.least,
                    &f.range.most, &f.step_most, &f.numerator, &f.denominator, &f.last})
        *x = r.real();
    f.range.beyond = r.cause();
    f.unsteady = r.number() != 0;
    auto const timed = r.number() != 0;
    auto const at = r.signed_number();
    f.at = timed ? std::optional{at} : std::nullopt;
    f.by_reading_day = r.number() != 0;
    f.shortest = r.signed_number();
    f.longest = r.signed_number();
    f.dubious = r.signed_number();
    for (auto* list : {&f.covered, &f.since}) {
        list->resize(r.count());
        for (auto& c : *list)
            c = r.signed_number();
    }
    f.q = r.cause();
    f.cause = r.cause();
    auto const how = r.number();
    if (how > static_cast<std::uint8_t>(method::model))
        r.fail();
    f.how = static_cast<method>(how);
    f.steps.resize(std::min<std::size_t>(r.count(), 1));
    for (auto& s : f.steps)
        load(r, s);
    f.spread.resize(std::min<std::size_t>(r.count(), 1));
    for (auto& s : f.spread)
        load(r, s);
    if (f.spread.empty() && f.what == figure::kind::percentile)
        r.fail();
    if (f.steps.empty() && (f.what == figure::kind::european || f.what == figure::kind::cec))
        r.fail();
}

} // namespace kilnwatt::energy
