#include "agent/energy/kiln_batches.hpp"

#include "agent/energy/byte_stream.hpp"
#include "agent/energy/carriers.hpp"
#include "agent/energy/physical_constants.hpp"
#include "agent/energy/plant_figures.hpp"

#include <fmt/format.h>

#include <cmath>

namespace kilnwatt::energy {
namespace {

constexpr std::size_t kilns_max = 1'024; ///< in a snapshot

/// Heat of the fuel of one kiln, MJ.
quantity fuel_of(plant_view const& v, std::size_t kiln, bool only_one)
{
    return sum_over(v.with_role(role::fuel), [&](std::size_t i) {
        auto const below = v.device(i).meter == v.device(kiln).name;
        auto const mj = carrier_of(v, i).mj;
        return (below || only_one) && mj > 0 ? carrier_amount(v, i) * mj : quantity{};
    });
}

} // namespace

std::string kiln_batches::told(std::string const& kiln, batch const& b)
{
    auto text = fmt::format("batch {} of {} took {:.2f} h, {:.1f} MJ of fuel, {:.1f} kWh", b.number, kiln,
                            static_cast<double>(b.minutes) / 60, b.fuel_mj, b.kwh);
    if (b.product_t > 0)
        text += fmt::format(", {:.3f} t, {:.1f} MJ/t", b.product_t, (b.fuel_mj + b.kwh * mj_per_kwh) / b.product_t);
    if (b.known < b.minutes)
        text += fmt::format("; {:.1f} % of its time is known",
                            percent * static_cast<double>(b.known) / static_cast<double>(b.minutes));
    return text;
}

std::vector<finding> kiln_batches::look(plant_view const& v)
{
    std::vector<finding> found;
    auto const kilns = v.with_role(role::kiln);
    for (auto const i : kilns) {
        auto const* shown = v.windows[i]->find_gauge("batch_number");
        if (shown == nullptr)
            continue;
        auto const& name = v.device(i).name;
        auto& b = open_[name];
        if (auto const number = std::llround(shown->last); shown->has_value() && number != b.number) {
            if (b.number != 0)
                found.push_back({"batch_finished", name, told(name, b), event_severity::info, {}});
            b = {number};
        }
        if (b.number == 0)
            continue;
        auto const only_one = kilns.size() == 1;
        auto const fuel = fuel_of(v, i, only_one);
        auto const power =
            v.measures(i, {"active_energy_import", "active_energy"}) ? consumed_energy(v, i) : quantity{};
        auto const made = only_one ? product_of(v).amount : quantity{};
        b.fuel_mj += fuel.value;
        b.kwh += power.value;
        b.product_t += made.value;
        ++b.minutes;
        auto const whole = [](quantity const& q) { return !q.exists() || q.least_covered() > 0; };
        b.known += whole(fuel) && whole(power) ? 1 : 0;
    }
    return found;
}

void kiln_batches::save(byte_writer& w) const
{
    w.number(open_.size());
    for (auto const& [name, b] : open_) {
        w.text(name);
        w.signed_number(b.number);
        w.number(b.minutes);
        w.number(b.known);
        for (auto const x : {b.fuel_mj, b.kwh, b.product_t})
            w.real(x);
    }
}

void kiln_batches::load(byte_reader& r)
{
    open_.clear();
    auto const n = r.count();
    if (n > kilns_max)
        return r.fail();
    for (std::size_t i = 0; i < n && r.ok(); ++i) {
        auto& b = open_[r.text()];
        b.number = r.signed_number();
        b.minutes = r.number();
        b.known = r.number();
        for (auto* x : {&b.fuel_mj, &b.kwh, &b.product_t})
            *x = r.real();
    }
}

} // namespace kilnwatt::energy
