#pragma once

#include <span>
#include <string_view>

namespace kilnwatt::report {

struct words {
    std::string_view id;
    std::string_view english;
    std::string_view chinese;
};

std::span<words const> figure_words(); ///< of every figure in docs/metrics.md
std::span<words const> page_words();   ///< of headings and labels

} // namespace kilnwatt::report
