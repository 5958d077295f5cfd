#pragma once

#include <cstddef>

namespace kilnwatt::test {

/// How often this program asked for memory so far.
std::size_t allocations() noexcept;

} // namespace kilnwatt::test
