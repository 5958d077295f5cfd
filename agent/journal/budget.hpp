#pragma once

#include "core/layout.hpp"
#include "core/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace kilnwatt::journal {

/// What has a storage limit of its own, so that readings never push out the proof made of them.
enum class budget : std::uint8_t {
    readings,
    minutes,  ///< 1-minute windows and KPIs
    quarters, ///< 15-minute and hourly ones
    days,     ///< day, month and year: kept for ever unless the site says otherwise
    events,
};
inline constexpr std::size_t budget_count = 5;

budget budget_of(stream s) noexcept;
std::string_view to_string(budget b) noexcept;
int streams_in(budget b) noexcept; ///< each has an open segment of its own

struct budget_limit {
    std::uint64_t bytes = 0; ///< of the file
    /// Time the agent ran since a segment was full; a segment older than that goes. Counted by the monotonic clock, so
    /// that a wrong wall clock expires nothing.
    std::optional<milliseconds> age;
};
using budget_limits = std::array<budget_limit, budget_count>;

inline constexpr auto for_ever = ~std::uint64_t{0}; ///< bytes of a budget without an end

inline constexpr budget_limits default_budgets{
    {{8ull << 30, {}}, {2ull << 30, {}}, {1ull << 30, {}}, {for_ever, {}}, {256ull << 20, {}}}};

/// Bytes of the file that rows take which are added at the end of a table: leaf pages of 4,096 bytes as they fill, and
/// overflow pages of the large ones (https://www.sqlite.org/fileformat2.html, sections 1.5 and 1.6). Pure.
class page_meter {
public:
    /// New pages for a row whose body has this size, in bytes.
    std::uint64_t add(std::size_t body) noexcept;

private:
    std::uint64_t left_ = 0; ///< of the last leaf
};

} // namespace kilnwatt::journal
