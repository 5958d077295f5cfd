#pragma once

#include "core/result.hpp"

namespace kilnwatt::drivers {

/// What can be wrong with a device that answers.
enum class errc {
    no_sunspec_marker = 1, ///< no SunSpec map at 40000, 0 or 50000
    broken_sunspec_chain,  ///< the model chain has no end, no models or leaves the address space
    no_known_model,        ///< the chain has no model with points we know
    no_points,             ///< the class asked for has no points
};

boost::system::error_category const& error_category() noexcept;
boost::system::error_code make_error_code(errc e) noexcept;

} // namespace kilnwatt::drivers

namespace boost::system {
template <>
struct is_error_code_enum<kilnwatt::drivers::errc> : std::true_type {};
} // namespace boost::system
