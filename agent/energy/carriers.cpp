#include "agent/energy/carriers.hpp"

#include "core/energy_carrier.hpp"

#include <algorithm>

namespace kilnwatt::energy {
namespace {

constexpr double gj_per_wh = 3.6e-6;
constexpr double t_per_kg = 1e-3;

} // namespace

std::optional<bought_carrier> carrier_named(plant_model const& m, std::string_view name)
{
    auto const& c = m.carriers;
    if (name == natural_gas)
        return bought_carrier{std::string{name},         "m3",     c.gas_kgce_per_m3,     c.gas_lhv_mj_per_m3,
                              m.emissions.gas_kg_per_m3, c.source, m.emissions.gas_source};
    auto const own =
        std::find_if(m.bought.begin(), m.bought.end(), [&](bought_carrier const& b) { return b.name == name; });
    if (own != m.bought.end())
        return *own;
    auto const* usual = energy_carrier_named(name);
    if (usual == nullptr)
        return std::nullopt;
    return bought_carrier{std::string{name},
                          std::string{usual->unit},
                          usual->kgce,
                          usual->burns ? usual->kgce * mj_per_kgce : 0,
                          usual->co2_kg.value_or(0),
                          std::string{carrier_standard},
                          std::string{carrier_co2_standard}};
}

quantity carrier_sum(std::span<carrier_use const> uses)
{
    quantity sum;
    for (auto const& u : uses)
        sum = sum + u.amount * u.coefficient;
    return sum;
}

bought_carrier carrier_of(plant_view const& v, std::size_t i)
{
    auto const& d = v.device(i);
    auto const name = d.what != role::boiler ? d.carrier : d.boiler ? d.boiler->fuel : std::string{natural_gas};
    return carrier_named(*v.model, name).value_or(bought_carrier{});
}

quantity carrier_amount(plant_view const& v, std::size_t i)
{
    auto const unit = carrier_of(v, i).unit;
    auto const boiler = v.device(i).what == role::boiler; // its other counters are of steam and heat
    if (unit == "GJ")
        return v.amount(i, {"thermal_energy"}, gj_per_wh);
    if (unit == "kg")
        return boiler ? v.amount(i, {"fuel_mass"}, 1) : v.amount(i, {"fuel_mass", "mass", "steam_mass"}, 1);
    if (unit == "t")
        return v.measures(i, {"volume"}) ? v.amount(i, {"volume"}, 1) : v.amount(i, {"mass"}, t_per_kg);
    return boiler ? v.amount(i, {"fuel_volume"}, 1) : v.amount(i, {"fuel_volume", "volume"}, 1);
}

std::vector<metered_carrier> metered_carriers(plant_view const& v)
{
    std::vector<metered_carrier> found;
    for (auto const i : v.carrier_meters()) {
        auto const what = carrier_of(v, i);
        auto const known = std::find_if(found.begin(), found.end(),
                                        [&](metered_carrier const& m) { return m.what.name == what.name; });
        if (known == found.end())
            found.push_back({what, carrier_amount(v, i)});
        else
            known->amount = known->amount + carrier_amount(v, i);
    }
    return found;
}

} // namespace kilnwatt::energy
