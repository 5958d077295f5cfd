#pragma once

#include <cstddef>

namespace kilnwatt::energy::test {

/// How often this program asked for memory so far.
std::size_t allocations() noexcept;

} // namespace kilnwatt::energy::test
