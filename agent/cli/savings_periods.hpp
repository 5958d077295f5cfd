#pragma once

#include "agent/cli/stored_entries.hpp"
#include "core/quality.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::cli {

/// The periods that have the energy of a baseline and every driver.
struct measured_periods {
    std::vector<savings::period> periods; ///< oldest first
    std::vector<std::string> left_out;    ///< a sentence for each that misses one
    std::vector<std::string> unknown;     ///< figures of which no period at all is known
    bool holds_energy = false;            ///< the energy is known of some period, of these or others
    quality q = quality::good;            ///< the worst of the numbers in `periods`
};

/// The periods from..to, both included; "2026-05" and "2026" hold all their days. Units that `b` lacks are those found.
/// Nothing and a sentence on `io.err` when the journal cannot be read.
std::optional<measured_periods> read_periods(settings::site const& site, stored_entries const& typed,
                                             savings::baseline& b, std::string const& from, std::string const& to,
                                             streams io);

/// Days or months of the local calendar from..to, both included; 0 when `to` is before `from` or one is no date.
std::size_t periods_within(savings::step length, std::string const& from, std::string const& to);

} // namespace kilnwatt::cli
