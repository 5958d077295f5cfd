#pragma once

#include "core/row.hpp"

#include <deque>

namespace kilnwatt::energy {

class byte_reader;
class byte_writer;

/// What the PV plant makes of its insolation when nothing throttles it: the median of the performance ratios at 25 degC
/// (plain ones where the modules' temperature is not measured) of the last 30 days without throttling.
class reference_ratio {
public:
    static constexpr std::size_t days_max = 30;

    /// The plant's figures of one day. A day with throttling, or whose ratio is in doubt, is left out.
    void saw_day(row const& figures);

    double value() const; ///< usual_reference_ratio before the first day

    void save(byte_writer& w) const;
    void load(byte_reader& r);

private:
    std::deque<double> days_; ///< oldest first
};

} // namespace kilnwatt::energy
