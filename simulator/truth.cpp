#include "simulator/truth.hpp"

#include <fmt/format.h>

namespace kilnwatt::simulator {
namespace {

using enum quantity;

constexpr double electricity_kgce_per_kwh = 0.1229;
constexpr double gas_kgce_per_m3 = 1.2143;

constexpr std::array<quantity_meaning, quantity_count> meanings{{
    {pv1_e, "pv-roof-1.e", "kWh", 480e3, 520e3},
    {pv2_e, "pv-roof-2.e", "kWh", 310e3, 340e3},
    {pv1_e_dc, "pv-roof-1.e_dc", "kWh", 490e3, 531e3},
    {pv2_e_dc, "pv-roof-2.e_dc", "kWh", 316e3, 347e3},
    {h_poa, "pv.h_poa", "kWh/m2", 0, 0},
    {pv_e_reference, "pv.e_reference", "kWh", 0, 0},
    {pv_e_reference_stc, "pv.e_reference_stc", "kWh", 0, 0},
    {grid_e_imp, "grid.e_imp", "kWh", 2.9e6, 3.1e6},
    {grid_e_exp, "grid.e_exp", "kWh", 60e3, 90e3},
    {grid_eq_imp, "grid.eq_imp", "kvarh", 1.0e6, 1.2e6},
    {grid_eq_exp, "grid.eq_exp", "kvarh", 10, 100},
    {trf_e_imp, "transformer.e_imp", "kWh", 2.8e6, 2.9e6},
    {trf_e_exp, "transformer.e_exp", "kWh", 60e3, 90e3},
    {trf_eq_imp, "transformer.eq_imp", "kvarh", 0.9e6, 1.0e6},
    {trf_eq_exp, "transformer.eq_exp", "kvarh", 10, 100},
    {trf_e_loss, "trf.e_loss", "kWh", 0, 0},
    {bat_e_cha, "bat.e_cha", "kWh", 90e3, 95e3},
    {bat_e_dis, "bat.e_dis", "kWh", 81e3, 85e3},
    {bat_stored, "bat.stored", "kWh", 0, 0},
    {heat_q, "heat.q", "kWh", 4.0e6, 4.4e6},
    {heat_v, "heat.v", "m3", 160e3, 170e3},
    {whr_q_extracted, "whr.q_extracted", "kWh", 0, 0},
    {whr_q_available, "whr.q_avail", "kWh", 0, 0},
    {kiln_gas, "kiln-gas.v", "m3", 2.9e6, 3.1e6},
    {boiler_gas, "boiler.v", "m3", 1.7e6, 1.9e6},
    {steam_m, "steam.m", "t", 22e3, 24e3},
    {steam_q, "steam.q", "GJ", 0, 0},
    {production, "production.m", "t", 29e3, 31e3},
    {mill_e, "ball-mill-meter.e", "kWh", 1.40e6, 1.50e6},
    {mill_eq, "ball-mill-meter.eq", "kvarh", 0.45e6, 0.50e6},
    {mill_e_motor, "ball-mill-drive.e_in", "kWh", 1.37e6, 1.39e6},
    {mill_e_shaft, "ball-mill-drive.e_shaft", "kWh", 1.29e6, 1.31e6},
    {mill_run, "ball-mill-drive.run_h", "h", 12000, 12500},
    {press_e, "press-meter.e", "kWh", 0.80e6, 0.85e6},
    {press_eq, "press-meter.eq", "kvarh", 0.23e6, 0.25e6},
    {press_e_motor, "press-drive.e_in", "kWh", 0.77e6, 0.79e6},
    {press_e_shaft, "press-drive.e_shaft", "kWh", 0.74e6, 0.76e6},
    {press_run, "press-drive.run_h", "h", 11000, 11500},
    {kiln_e, "kiln-meter.e", "kWh", 400e3, 420e3},
    {kiln_eq, "kiln-meter.eq", "kvarh", 150e3, 160e3},
    {compressor_e, "compressor.e", "kWh", 500e3, 520e3},
    {compressor_eq, "compressor.eq", "kvarh", 290e3, 300e3},
    {compressor_air, "compressor.air", "m3", 5.0e6, 5.2e6},
    {compressor_run, "compressor.run_h", "h", 14000, 14500},
    {other_e, "unmetered.e", "kWh", 0, 0},
}};

constexpr bool in_order()
{
    for (std::size_t i = 0; i < quantity_count; ++i)
        if (static_cast<std::size_t>(meanings[i].what) != i)
            return false;
    return true;
}
static_assert(in_order(), "the table follows the enum");

} // namespace

ledger& ledger::operator+=(ledger const& other)
{
    for (std::size_t i = 0; i < quantity_count; ++i)
        value[i] += other.value[i];
    return *this;
}

ledger operator*(ledger l, double factor)
{
    for (auto& v : l.value)
        v *= factor;
    return l;
}

quantity_meaning const& meaning_of(quantity q)
{
    return meanings[static_cast<std::size_t>(q)];
}

std::vector<figure> figures_of(ledger const& l)
{
    std::vector<figure> out;
    out.reserve(quantity_count + 8);
    for (auto const& m : meanings)
        out.push_back({m.name, m.unit, l[m.what]});
    auto const gas = l[kiln_gas] + l[boiler_gas];
    out.push_back({"pv.e", "kWh", l[pv1_e] + l[pv2_e]});
    out.push_back({"pv.e_dc", "kWh", l[pv1_e_dc] + l[pv2_e_dc]});
    out.push_back({"site.e_load", "kWh", l[mill_e] + l[press_e] + l[kiln_e] + l[compressor_e] + l[other_e]});
    out.push_back({"site.e_loss", "kWh", l[trf_e_loss]});
    out.push_back({"key.e", "kWh", l[mill_e] + l[press_e] + l[kiln_e]});
    out.push_back({"gas.v", "m3", gas});
    auto const bought = l[grid_e_imp] - l[grid_e_exp];
    out.push_back({"tce.total", "kgce", bought * electricity_kgce_per_kwh + gas * gas_kgce_per_m3});
    return out;
}

std::string truth_json(time_range over, std::uint64_t seed, ledger const& flowed)
{
    std::string totals;
    std::string units;
    for (auto const& f : figures_of(flowed)) {
        auto const* const separator = totals.empty() ? "" : ",";
        totals += fmt::format("{}\n    \"{}\": {}", separator, f.name, f.value);
        units += fmt::format("{}\n    \"{}\": \"{}\"", separator, f.name, f.unit);
    }
    return fmt::format("{{\n  \"from_ms\": {},\n  \"to_ms\": {},\n  \"seed\": {},\n"
                       "  \"totals\": {{{}\n  }},\n  \"units\": {{{}\n  }}\n}}\n",
                       over.start.time_since_epoch().count(), over.end.time_since_epoch().count(), seed, totals, units);
}

std::string truth_csv_header()
{
    std::string out = "utc_ms";
    for (auto const& f : figures_of({}))
        out += fmt::format(",{}", f.name);
    return out + "\n";
}

std::string truth_csv_line(utc_time at, ledger const& since_start)
{
    auto out = fmt::format("{}", at.time_since_epoch().count());
    for (auto const& f : figures_of(since_start))
        out += fmt::format(",{}", f.value);
    return out + "\n";
}

} // namespace kilnwatt::simulator
