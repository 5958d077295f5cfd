#pragma once

#include <boost/system/error_condition.hpp>
#include <boost/system/result.hpp>

#include <type_traits>

namespace kilnwatt {

/// A value or an error_code. Every function that returns one is marked [[nodiscard]].
template <class T>
using result = boost::system::result<T>;

/// What the caller should do about an error. Every error of ours maps to exactly one of these:
///     if (ec == remedy::retry) ...
enum class remedy {
    retry = 1,   ///< Transient: back off, then try again.
    reconfigure, ///< The operator must change a file or a setting; retrying cannot help.
    give_up,     ///< A defect or a dead resource: stop this task and report.
};

boost::system::error_condition make_error_condition(remedy r) noexcept;

} // namespace kilnwatt

namespace boost::system {
template <>
struct is_error_condition_enum<kilnwatt::remedy> : std::true_type {};
} // namespace boost::system
