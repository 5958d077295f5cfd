#pragma once

#include "agent/energy/plant_model.hpp"
#include "agent/entries/entry_book.hpp"
#include "agent/report/stored_period.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt::report {

/// A number made from what people entered, with the origin of each of its parts.
struct entered_figure {
    double value = 0;
    std::string unit;
    std::string sources;            ///< "electricity 120000 kWh (bill, Li) at 0.1229 kgce/kWh (GB/T 2589-2020); ..."
    std::set<std::string> carriers; ///< counted in it
};

/// "production 480 t (MES, Li)"
std::string origin_of(entries::entry const& e);

/// Whether entries can say this figure: comprehensive energy and CO2, total or per product, of one carrier, product,
/// and any sum that people entered under its own name ("press_pump.e").
bool can_be_entered(std::string_view figure);

/// A figure of a local year, month or day ("2020", "2020-03"). What is entered for some of its months only is not taken
/// for the whole. Nothing and a sentence in `why`.
std::optional<entered_figure> entered_figure_of(std::string const& figure, std::string const& period,
                                                entries::entry_book const& typed, energy::plant_model const& plant,
                                                std::string& why);

/// Adds to a period the figures that entries say and that it lacks, with quality manual_value. Energy that was measured
/// and product that was entered make a figure per product too.
void add_entered(stored_period& p, std::string const& period, entries::entry_book const& typed,
                 energy::plant_model const& plant);

/// Gives targets whose base is "imported" what was entered for their base year; base_source says from what, or why not.
void take_entered_bases(std::vector<energy::target_model>& targets, entries::entry_book const& typed,
                        energy::plant_model const& plant);

} // namespace kilnwatt::report
