#pragma once

#include "core/record.hpp"

namespace kilnwatt::journal {

/// Half-open range of positions [first, last).
struct position_range {
    position first = 0;
    position last = 0;

    friend bool operator==(position_range const&, position_range const&) = default;
};

} // namespace kilnwatt::journal
