#include "agent/energy/row_bytes.hpp"

#include "agent/energy/byte_stream.hpp"

namespace kilnwatt::energy {
namespace {

/// Derived rows have columns without scale, offset or exponent.
void save_column(byte_writer& w, column const& c)
{
    w.text(c.name);
    w.text(c.unit);
    w.number(static_cast<std::uint8_t>(c.kind));
    w.number(c.states.size());
    for (auto const& [number, name] : c.states) {
        w.signed_number(number);
        w.text(name);
    }
}

column load_column(byte_reader& r)
{
    column c;
    c.name = r.text();
    c.unit = r.text();
    auto const kind = r.number();
    if (kind > static_cast<std::uint8_t>(value_kind::text))
        r.fail();
    c.kind = static_cast<value_kind>(kind);
    for (auto n = r.count(); n > 0 && r.ok(); --n) {
        auto const number = r.signed_number();
        c.states.emplace_back(number, r.text());
    }
    return c;
}

} // namespace

void save(byte_writer& w, row const& r)
{
    auto const& l = *r.layout;
    w.text(l.device);
    w.number(static_cast<std::uint8_t>(l.kind));
    w.text(l.source);
    w.number(l.columns.size());
    for (auto const& c : l.columns)
        save_column(w, c);
    w.signed_number(r.time.mono.time_since_epoch().count());
    w.signed_number(r.time.utc.time_since_epoch().count());
    for (auto const& c : r.cells) {
        w.number(c.bits);
        w.cause(c.q);
        w.number(c.present ? 1 : 0);
    }
    w.number(r.texts.size());
    for (auto const& t : r.texts)
        w.text(t);
}

void load(byte_reader& r, row& into)
{
    auto l = std::make_shared<layout>();
    l->device = r.text();
    auto const kind = r.number();
    if (kind >= stream_count)
        r.fail();
    l->kind = static_cast<stream>(kind);
    l->source = r.text();
    for (auto n = r.count(); n > 0 && r.ok(); --n)
        l->columns.push_back(load_column(r));
    into.time.mono = mono_time{milliseconds{r.signed_number()}};
    into.time.utc = utc_time{milliseconds{r.signed_number()}};
    for (std::size_t i = 0; i < l->columns.size() && r.ok(); ++i) {
        cell c;
        c.bits = r.number();
        c.q = r.cause();
        c.present = r.number() != 0;
        into.cells.push_back(c);
    }
    for (auto n = r.count(); n > 0 && r.ok(); --n)
        into.texts.push_back(r.text());
    for (std::size_t i = 0; i < into.cells.size(); ++i)
        if (l->columns[i].kind == value_kind::text && into.cells[i].bits >= into.texts.size())
            r.fail();
    into.layout = std::move(l);
}

} // namespace kilnwatt::energy
