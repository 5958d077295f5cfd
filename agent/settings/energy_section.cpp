#include "agent/settings/sections.hpp"

namespace kilnwatt::settings {

using namespace std::chrono_literals;

void read_energy_section(config::table& root, site& s)
{
    auto t = root.child("energy");
    if (!t)
        return;
    auto& c = s.carriers;
    s.close_delay = t->duration("close_delay", 0ms, 10min);
    s.all_loads_metered = t->boolean("all_loads_metered").value_or(false);
    c.electricity_kgce_per_kwh =
        t->quantity("electricity", {{"kgce/kWh", 1.0}}, 0.01, 1.0).value_or(c.electricity_kgce_per_kwh);
    if (auto gas = t->child("natural_gas")) {
        c.gas_kgce_per_m3 = gas->quantity("coefficient", {{"kgce/m3", 1.0}}, 0.1, 5.0).value_or(c.gas_kgce_per_m3);
        c.gas_lhv_mj_per_m3 =
            gas->quantity("lhv", {{"MJ/m3", 1.0}, {"kWh/m3", 3.6}}, 1.0, 100.0).value_or(c.gas_lhv_mj_per_m3);
        gas->refuse_unknown();
    }
    c.source = t->text("source").value_or(c.source);
    t->refuse_unknown();
}

} // namespace kilnwatt::settings
