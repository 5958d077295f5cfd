#pragma once

#include <string>
#include <string_view>

namespace kilnwatt::report {

/// Text as it stands in a page, between tags and in quoted attributes. What XML 1.0 cannot carry (control characters,
/// broken UTF-8) becomes U+FFFD.
std::string escaped(std::string_view text);

} // namespace kilnwatt::report
