#include "agent/energy/byte_stream.hpp"
#include "agent/energy/energy_stage_state.hpp"
#include "agent/energy/row_bytes.hpp"

namespace kilnwatt::energy {
namespace {

constexpr std::uint64_t snapshot_magic = 0x4B57'4538; ///< "KWE8": version 8

} // namespace

std::string energy_stage::state::save() const
{
    byte_writer w;
    w.number(snapshot_magic);
    w.signed_number(shared.closed);
    w.signed_number(shared.bright_until);
    w.signed_number(newest);
    w.number(shared.boot);
    w.number(shared.conflicts);
    w.signed_number(conflict_told);
    w.number(devices.size());
    for (std::size_t i = 0; i < devices.size(); ++i) {
        byte_writer one;
        devices[i].track.save(one, shared.closed);
        devices[i].periods.save(one);
        w.text(model.devices[i].name);
        w.text(one.take());
    }
    energy::save(w, sums);
    demand.save(w);
    bill.save(w);
    batches.save(w);
    figure_periods.save(w);
    quarter_checks.save(w);
    hour_checks.save(w);
    throttle_free.save(w);
    w.number(pending.size());
    for (auto const& r : pending)
        energy::save(w, r);
    return w.take();
}

void energy_stage::state::load_devices(byte_reader& r)
{
    for (auto n = r.count(); n > 0 && r.ok(); --n) {
        auto const name = r.text();
        auto const bytes = r.text();
        for (std::size_t i = 0; i < devices.size(); ++i) {
            if (model.devices[i].name != name)
                continue;
            byte_reader one{bytes};
            devices[i].track.load(one, shared.closed);
            devices[i].periods.load(one);
            if (!one.ok() || !one.at_end())
                r.fail();
        }
    }
}

bool energy_stage::state::load(std::string const& bytes)
{
    reset();
    byte_reader r{bytes};
    if (r.number() != snapshot_magic)
        return false;
    shared.closed = r.signed_number();
    shared.bright_until = r.signed_number();
    newest = r.signed_number();
    shared.boot = static_cast<std::uint32_t>(r.number());
    shared.conflicts = r.number();
    conflict_told = r.signed_number();
    auto const sane = [](instant t) { return t >= unset && t <= instant_max; };
    if (!sane(shared.closed) || !sane(shared.bright_until) || !sane(newest) || !sane(conflict_told) ||
        (shared.closed != unset && shared.closed % minute != 0))
        r.fail();
    load_devices(r);
    energy::load(r, sums);
    demand.load(r);
    bill.load(r);
    batches.load(r);
    figure_periods.load(r);
    quarter_checks.load(r);
    hour_checks.load(r);
    throttle_free.load(r);
    for (auto n = r.count(); n > 0 && r.ok(); --n)
        energy::load(r, pending.emplace_back());
    return r.ok() && r.at_end();
}

} // namespace kilnwatt::energy
