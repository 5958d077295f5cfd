#pragma once

#include "agent/cli/streams.hpp"
#include "agent/entries/entry_book.hpp"
#include "agent/savings/baseline.hpp"
#include "agent/settings/site.hpp"
#include "core/meter_exchange.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::cli {

/// The site of a command that works on stored figures; its mistakes go to `io.err`.
std::optional<settings::site> site_of(std::string const& file, streams io);

/// What people have stored, also what waits in the inbox.
struct stored_entries {
    entries::entry_book book;
    std::vector<meter_exchange> exchanges;
    std::map<std::string, savings::baseline> baselines; ///< by id; the first of an id counts for ever
};

/// Of a journal that is not there yet: nothing. Nothing and a sentence on `io.err` when it cannot be read.
std::optional<stored_entries> read_entries(std::string const& journal, streams io);

row to_row(savings::baseline const& b);

/// A metric of a year, month or day: what people have stored, or else the plant's own figure.
struct figure_of_period {
    double value = 0;
    std::string unit;
    quality q = quality::good;
};
using series = std::map<std::string, figure_of_period>; ///< by local date

/// The metric's days or months; entries go before stored windows, a window that is bad is missing.
std::optional<series> read_series(settings::site const& site, stored_entries const& typed, std::string const& metric,
                                  savings::step length, streams io);

} // namespace kilnwatt::cli
