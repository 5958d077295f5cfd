#pragma once

#include <string>
#include <string_view>

namespace kilnwatt::cli {

/// A profile with comments, to be filled in: it has no mistake as it stands.
std::string profile_skeleton(std::string_view id);

} // namespace kilnwatt::cli
