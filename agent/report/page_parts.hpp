#pragma once

#include "agent/report/words.hpp"
#include "core/quality.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace kilnwatt::report {

/// A column of a table; its text is label(key).
struct heading {
    std::string_view key;
    bool number = false; ///< right-aligned
};

std::string head(std::initializer_list<heading> all, language l);
/// `is_long`: it may be broken over pages.
std::string section(std::string_view key, std::string const& body, language l, bool is_long = false);
std::string number(std::optional<double> v); ///< a cell; "–" for nothing
std::string quality_cell(quality q, language l);

} // namespace kilnwatt::report
