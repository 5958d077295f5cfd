#pragma once

#include "agent/energy/plant_model.hpp"
#include "agent/energy/target.hpp"
#include "agent/entries/entry_book.hpp"
#include "agent/journal/journal_reader.hpp"
#include "agent/report/balance_table.hpp"
#include "agent/report/coefficients.hpp"
#include "agent/report/completeness.hpp"
#include "agent/report/reduction_claim.hpp"
#include "agent/report/report_period.hpp"
#include "agent/report/savings_claim.hpp"
#include "agent/report/stored_period.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::report {

/// Something the agent noted: a counter that was reset, a balance that does not close.
struct report_event {
    utc_time at;
    std::string kind, subject, severity, message;
};

/// Energy bought in the hours of one tariff period.
struct tariff_line {
    energy::tariff_period period = energy::tariff_period::flat;
    double price = 0;           ///< CNY/kWh
    std::optional<double> kwh;  ///< none: not enough is known
    std::optional<double> cost; ///< CNY
    quality q = quality::no_data;
};

/// How a target of the site stands in a month or year.
struct target_line {
    energy::target_model target;
    std::optional<double> value; ///< of its figure; none: not enough is known
    energy::target_progress now; ///< of that value
    quality q = quality::no_data;
};

/// Everything that a day, month or year says, from stored windows alone.
struct site_report {
    std::string site; ///< name of the plant
    span what = span::day;
    std::string label; ///< "2026-05-03", "2026-05", "2026"
    stored_period whole;
    std::vector<stored_period> parts;    ///< quarters of an hour of a day, days of a month, months of a year
    std::vector<entries::entry> entered; ///< for the period and parts of it, at most entries_max
    completeness known;
    std::string before;                      ///< label of the period before; "" = not stored
    std::vector<comparison_line> comparison; ///< with it
    balance_table balance;
    std::vector<tariff_line> tariff;
    std::vector<target_line> targets;   ///< of a month or year
    std::vector<savings_claim> savings; ///< of each frozen baseline; read_report() leaves it to those who hold them
    std::vector<coefficient> coefficients;
    std::string pv_first;                             ///< how PV is attributed to key equipment: "priority"
    bool counts_onsite_pv = false;                    ///< in the comprehensive energy
    std::optional<reduction_claim> reduction;         ///< of a year, against a base year that was asked for
    std::vector<report_event> events;                 ///< oldest first
    std::size_t events_left_out = 0;                  ///< beyond events_max
    energy::calendar local_time;                      ///< of the plant
    std::map<std::string, std::string> device_groups; ///< "press_meter" -> "load": whose words its figures have

    static constexpr std::size_t events_max = 50;
    static constexpr std::size_t entries_max = 500;
};

/// What a report is made from.
struct report_request {
    std::string site;
    span what = span::day;
    std::string date; ///< see span_of(); "" = the last one that is stored
    std::string base; ///< a year: its energy per product is the base of the reduction; "" = none
};

/// Reads the period and its parts. On failure `why` has a sentence: no such date, nothing stored, an unreadable file.
/// `typed` holds what people entered for past periods and for production.
[[nodiscard]] std::optional<site_report> read_report(journal::journal_reader& reader, energy::plant_model const& plant,
                                                     entries::entry_book const& typed, report_request const& wanted,
                                                     std::string& why);

} // namespace kilnwatt::report
