#pragma once

#include "agent/energy/calendar.hpp"
#include "core/row.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt::report {

/// One figure of a stored window, as it was published.
struct stored_figure {
    std::string name;
    std::string unit;
    std::optional<double> value; ///< none: the quality says why
    quality q = quality::no_data;
    double coverage = 0;           ///< 0..1
    std::string method;            ///< "counter", "integral", "model"; "entered" by people
    std::optional<double> partial; ///< of a sum: what is known of it, also when that is too little for a value
    std::string source{};          ///< of what people entered: from what; else empty
    std::optional<energy::instant> at{}; ///< when it was, of a largest value
};

/// The plant's figures of one stored window.
struct stored_period {
    energy::time_span when;
    std::int64_t revision = 0;
    std::vector<stored_figure> figures; ///< in the order of the row

    stored_figure const* find(std::string_view name) const;
    std::optional<double> value(std::string_view name) const; ///< of a figure that has one
};

/// Of a row of a KPI stream; nothing for a row without start and end.
std::optional<stored_period> period_of(row const& r);

/// Puts a period among the others, oldest first; of two with the same start the higher revision stays.
void keep(std::vector<stored_period>& all, stored_period p);

} // namespace kilnwatt::report
