#include "agent/journal/budget.hpp"

#include <algorithm>

namespace kilnwatt::journal {

budget budget_of(stream s) noexcept
{
    switch (s) {
    case stream::readings:
        return budget::readings;
    case stream::window_1m:
    case stream::kpi_1m:
        return budget::minutes;
    case stream::window_15m:
    case stream::kpi_15m:
    case stream::window_1h:
    case stream::kpi_1h:
        return budget::quarters;
    case stream::event:
        return budget::events;
    default:
        return budget::days;
    }
}

std::string_view to_string(budget b) noexcept
{
    constexpr std::array<std::string_view, budget_count> names{"readings", "minutes", "quarters", "days", "events"};
    return names[static_cast<std::size_t>(b)];
}

int streams_in(budget b) noexcept
{
    int n = 0;
    for (int s = 0; s < stream_count; ++s)
        n += budget_of(static_cast<stream>(s)) == b ? 1 : 0;
    return n;
}

std::uint64_t page_meter::add(std::size_t body) noexcept
{
    constexpr std::uint64_t page = 4'096;
    constexpr std::uint64_t in_leaf_max = page - 35;
    constexpr std::uint64_t in_leaf_min = (page - 12) * 32 / 255 - 23;
    constexpr std::uint64_t overflow = page - 4;
    constexpr std::uint64_t cell_head = 7; ///< pointer, size and key

    auto const payload = std::uint64_t{body} + 11; // header of the record, count and block
    auto const rest = in_leaf_min + (payload - std::min(payload, in_leaf_min)) % overflow;
    auto const local = payload <= in_leaf_max ? payload : rest <= in_leaf_max ? rest : in_leaf_min;
    auto bytes = (payload - local + overflow - 1) / overflow * page;
    if (local + cell_head > left_) {
        bytes += page;
        left_ = page - 8;
    }
    left_ -= std::min(left_, local + cell_head);
    return bytes;
}

} // namespace kilnwatt::journal
