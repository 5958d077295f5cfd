#pragma once

#include "agent/energy/calendar.hpp"
#include "agent/energy/figure.hpp"

#include <optional>

namespace kilnwatt::energy {

/// The month of the electricity bill, where the supplier reads its meter, and begins a new maximum, on another day than
/// the first: a calendar month then has the figures of the billing month that ended in it.
class billing_month {
public:
    explicit billing_month(int reading_day = 1) : reading_day_{reading_day} {} ///< 1 to 28

    /// Figures of a quarter of an hour; those that go by the reading day count (figure::by_reading_day).
    void add(std::vector<figure> const& q, time_span when, calendar const& c);

    /// Puts what the billing month came to in the place of what the calendar month did.
    void settle(std::vector<figure>& month, time_span when) const;

    void save(byte_writer& w) const;
    void load(byte_reader& r);

private:
    struct bill {
        time_span when;
        std::vector<figure> sums;
    };
    int reading_day_;
    std::optional<bill> open_;
    std::optional<bill> ended_; ///< the one before
};

} // namespace kilnwatt::energy
