#pragma once

#include "agent/journal/position_range.hpp"
#include "core/record.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace kilnwatt::publish {

using journal::position_range;

/// A set of journal positions as disjoint half-open ranges that do not touch, in rising order. Pure.
class position_set {
public:
    void add(position_range r);    ///< an empty range adds nothing
    void remove(position_range r); ///< what is not in the set stays out
    void clear() { ranges_.clear(); }

    bool contains(position p) const;
    bool empty() const { return ranges_.empty(); }
    std::uint64_t size() const; ///< number of positions
    std::vector<position_range> const& ranges() const { return ranges_; }

    /// The lowest part of this set that is not in `held` and lies below `end`.
    std::optional<position_range> first_outside(position_set const& held, position end) const;

    /// Joins neighbours over the smallest gaps, taking the gaps into the set, until at most `most` (>= 1) ranges are
    /// left.
    void coarsen(std::size_t most);

    friend bool operator==(position_set const&, position_set const&) = default;

private:
    std::vector<position_range> ranges_;
};

} // namespace kilnwatt::publish
