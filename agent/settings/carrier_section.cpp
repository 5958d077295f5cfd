#include "agent/settings/sections.hpp"
#include "core/energy_carrier.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kilnwatt::settings {
namespace {

constexpr std::size_t carriers_max = 64;

/// "1.7143 kgce/kg" of a carrier that is counted in kg or m3; of kg a tonne is taken too.
std::optional<double> per_unit(config::table& t, std::string_view key, std::string_view what, std::string_view unit,
                               double max)
{
    auto const plain = fmt::format("{}/{}", what, unit);
    auto const heavy = fmt::format("t{}/{}", what.substr(2), unit == "kg" ? "t" : unit);
    std::vector<std::pair<std::string_view, double>> units{{plain, 1.0}};
    if (unit == "kg" && what != "MJ")
        units.emplace_back(heavy, 1.0); // tce/t, t/t
    return t.quantity(key, units, 0.0, max);
}

void read_carrier(config::table& t, site& s)
{
    std::vector<std::string_view> names;
    for (auto const& c : energy_carriers())
        names.push_back(c.name);
    t.require("name", "for example \"diesel\"");
    auto const name = t.choice("name", names);
    if (!name)
        return;
    auto const& usual = *energy_carrier_named(*name);
    bought_carrier_settings b;
    b.name = *name;
    b.kgce = per_unit(t, "coefficient", "kgce", usual.unit, 1e3);
    if (usual.burns)
        b.mj = per_unit(t, "lhv", "MJ", usual.unit, 1e3);
    b.co2_kg = per_unit(t, "emission", "kg", usual.unit, 1e4);
    if (t.require("source",
                  "where the coefficients come from, for example \"GB/T 2589-2020\" or a laboratory's report"))
        b.source = t.text("source").value_or("");
    if (std::any_of(s.bought.begin(), s.bought.end(), [&](auto const& x) { return x.name == b.name; }))
        t.complain("name", fmt::format("'{}' stands twice", b.name), "keep one of the two");
    t.refuse_unknown();
    s.bought.push_back(std::move(b));
}

} // namespace

void read_carrier_sections(config::table& energy, site& s)
{
    auto tables = energy.children("carrier");
    if (tables.size() > carriers_max)
        energy.complain("carrier", fmt::format("has {} entries, but at most {} are read", tables.size(), carriers_max));
    for (auto& t : tables)
        read_carrier(t, s);
}

void check_carriers(std::vector<config::table>& tables, site const& s)
{
    for (std::size_t i = 0; i < s.devices.size(); ++i) {
        auto const& d = s.devices[i];
        auto const named = d.what == role::fuel ? d.carrier : d.boiler.has_value() ? d.boiler->fuel : std::string{};
        auto const* usual = energy_carrier_named(named);
        auto const own = std::find_if(s.bought.begin(), s.bought.end(), [&](auto const& b) { return b.name == named; });
        if (usual == nullptr || usual->co2_kg || (own != s.bought.end() && own->co2_kg))
            continue;
        auto owner = d.what == role::fuel ? std::optional{tables[i]} : tables[i].child("boiler");
        if (owner)
            owner->complain(d.what == role::fuel ? "carrier" : "fuel",
                            fmt::format("'{}' has no usual emission factor", named),
                            fmt::format("write [[energy.carrier]] with name = \"{}\" and emission = \"... kg/{}\"",
                                        named, usual->unit));
    }
}

} // namespace kilnwatt::settings
