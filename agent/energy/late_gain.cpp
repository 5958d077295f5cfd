#include "agent/energy/late_gain.hpp"

#include "agent/energy/byte_stream.hpp"

namespace kilnwatt::energy {

void save(byte_writer& w, late_reading const& l)
{
    w.text(l.device);
    w.text(l.point);
    for (auto const t : {l.gain.from, l.gain.to, l.gain.since})
        w.signed_number(t);
    w.real(l.gain.delta);
    w.cause(l.gain.why);
    w.number(l.gain.exchanged ? 1 : 0);
}

void load(byte_reader& r, late_reading& l)
{
    l.device = r.text();
    l.point = r.text();
    for (auto* t : {&l.gain.from, &l.gain.to, &l.gain.since})
        *t = r.signed_number();
    l.gain.delta = r.real();
    l.gain.why = r.cause();
    l.gain.exchanged = r.number() != 0;
    auto const& g = l.gain;
    if (g.since < 0 || g.since >= g.to || g.from >= g.to || g.to > instant_max)
        r.fail();
}

} // namespace kilnwatt::energy
