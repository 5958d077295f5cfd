#pragma once

#include "core/time.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt::simulator {

/// Everything that adds up over time. The counters of the meters and the truth are the same numbers.
enum class quantity : std::size_t {
    pv1_e,
    pv2_e,
    pv1_e_dc,
    pv2_e_dc,
    h_poa,
    pv_e_reference,
    pv_e_reference_stc,
    grid_e_imp,
    grid_e_exp,
    grid_eq_imp,
    grid_eq_exp,
    trf_e_imp,
    trf_e_exp,
    trf_eq_imp,
    trf_eq_exp,
    trf_e_loss,
    bat_e_cha,
    bat_e_dis,
    bat_stored,
    heat_q,
    heat_v,
    whr_q_extracted,
    whr_q_available,
    kiln_gas,
    boiler_gas,
    steam_m,
    steam_q,
    production,
    mill_e,
    mill_eq,
    mill_e_motor,
    mill_e_shaft,
    mill_run,
    press_e,
    press_eq,
    press_e_motor,
    press_e_shaft,
    press_run,
    kiln_e,
    kiln_eq,
    compressor_e,
    compressor_eq,
    compressor_air,
    compressor_run,
    other_e,
    count_
};
inline constexpr std::size_t quantity_count = static_cast<std::size_t>(quantity::count_);

/// One number a quantity: what has flowed.
struct ledger {
    std::array<double, quantity_count> value{};

    double& operator[](quantity q) { return value[static_cast<std::size_t>(q)]; }
    double operator[](quantity q) const { return value[static_cast<std::size_t>(q)]; }
    ledger& operator+=(ledger const& other);
    friend ledger operator*(ledger l, double factor);
    friend bool operator==(ledger const&, ledger const&) = default;
};

struct quantity_meaning {
    quantity what;
    std::string_view name; ///< "grid.e_imp" as the metric catalogue has it, or "<device>.<figure>"
    std::string_view unit; ///< of the ledger and of the truth: kWh, kvarh, m3, t, GJ, h, kWh/m2
    double first_min;      ///< a counter of the plant starts between these two
    double first_max;
};

quantity_meaning const& meaning_of(quantity q);

struct figure {
    std::string_view name;
    std::string_view unit;
    double value;
};

/// The figures of a ledger with those that follow from it (pv.e, site.e_load, key.e, gas.v, tce.total, ...), by name.
/// tce.total counts purchased electricity less what was exported at 0.1229 kgce/kWh and gas at 1.2143 kgce/m3.
std::vector<figure> figures_of(ledger const& l);

/// The truth of an interval as one JSON object: from, to, seed, totals and units.
std::string truth_json(time_range over, std::uint64_t seed, ledger const& flowed);

/// A CSV of cumulative figures: the header, and the line of one moment. "utc_ms" comes first.
std::string truth_csv_header();
std::string truth_csv_line(utc_time at, ledger const& since_start);

} // namespace kilnwatt::simulator
