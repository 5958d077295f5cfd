#pragma once

namespace kilnwatt::energy {

/// Between two readings of a gauge its value stands as it was, or is on a straight line from one to the other.
enum class interpolation { hold, linear };

} // namespace kilnwatt::energy
