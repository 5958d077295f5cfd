#pragma once

#include "core/row.hpp"
#include "drivers/limit_watch.hpp"
#include "drivers/profile.hpp"
#include "drivers/stuck_watch.hpp"
#include "drivers/wire_number.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kilnwatt::drivers {

/// Last values of the points of a device that stuck rules name, over all its classes; absent when bad.
using companion_values = std::map<std::string, std::optional<double>, std::less<>>;

/// The points of a device that are read together, one a column of their rows, and what judges their values.
///
/// What few columns need (an exponent, limits, a stuck rule) is kept as lists of columns, so that a row of plain
/// numbers costs no look at any of them. Used by one coroutine at a time, the link's.
class point_group {
public:
    point_group() = default;
    /// `layout` is that of make_layout(), or an equal one.
    point_group(std::vector<point> points, layout_ptr layout, companion_values const& companions);

    /// Of a class without points it is null.
    static layout_ptr make_layout(std::string const& device, profile const& what, std::span<point const> points);

    std::span<point const> points() const { return points_; }
    /// One a point.
    std::span<plain_number const> numbers() const { return numbers_; }
    layout_ptr const& layout() const { return layout_; }
    /// Columns of the points that tell one device from another: its serial number and its firmware.
    std::span<std::size_t const> identity() const { return identity_; }

    /// A row in which nothing has been read.
    row blank() const;

    /// Judges a row whose answers are decoded: a value without a usable exponent is none, one outside its limits or
    /// stuck is marked so. Only what is good so far is doubted: a better known cause stays. Values that stuck rules
    /// name go to `companions`; points that got stuck, or move again, to `changes`.
    void judge(row& r, companion_values& companions, std::vector<stuck_change>& changes);

private:
    void apply_exponents(row& r) const;
    void apply_limits(row& r);
    void find_stuck(row& r, companion_values const& companions, std::vector<stuck_change>& changes);

    struct limited {
        std::size_t column;
        limit_watch watch{};
    };
    struct may_stick {
        std::size_t column;
        stuck_watch watch{};
    };

    std::vector<point> points_;
    std::vector<plain_number> numbers_; ///< one a point
    layout_ptr layout_;
    std::vector<std::size_t> scaled_; ///< columns with an exponent
    std::vector<limited> limited_;
    std::vector<may_stick> may_stick_;
    std::vector<std::size_t> companions_;
    std::vector<std::size_t> identity_;
};

} // namespace kilnwatt::drivers
