#pragma once

#include "agent/energy/calendar.hpp"
#include "agent/energy/demand.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt::energy {

/// What an hour of the day is to the electricity supplier.
enum class tariff_period : std::uint8_t { sharp, peak, flat, valley, deep_valley };
inline constexpr std::size_t tariff_period_count = 5;

std::string_view to_string(tariff_period p); ///< "deep_valley"

inline constexpr std::size_t minutes_a_day = 1'440;

/// Days of one kind: on a date of `dates`, a month of `months` and a weekday of `weekdays`; an empty list is any.
struct tariff_day {
    struct date_range {
        std::int64_t first = 0; ///< days since 1970-01-01
        std::int64_t last = 0;  ///< inclusive
    };
    std::vector<date_range> dates;
    std::vector<int> months;                            ///< 1 to 12
    std::vector<int> weekdays;                          ///< 1 (Monday) to 7, as in ISO 8601
    std::array<tariff_period, minutes_a_day> minutes{}; ///< of local time

    bool holds(std::int64_t date) const;
};

/// Prices of electricity by time of use, CNY.
struct tariff {
    std::vector<tariff_day> days; ///< the first that holds a date has its prices; the last holds every date
    std::array<std::optional<double>, tariff_period_count> price; ///< CNY/kWh; of each period that `days` use
    std::optional<double> export_price;                           ///< CNY/kWh, for what is given to the grid
    std::optional<double> demand_price;                           ///< CNY/kW and month, of the largest demand
    std::optional<double> capacity_charge;                        ///< CNY a month, instead of demand_price
    std::optional<double> baseline_demand_kw; ///< largest demand of a month before peaks were shaved, above 0
    demand_window window = demand_window::sliding; ///< that demand is measured over
    int reading_day = 1;                           ///< of the month, 1 to 28: the largest demand begins anew
    std::string source;                                           ///< the notice that it was taken from

    /// Period of the minute that holds `t`.
    tariff_period period_at(instant t, calendar const& c) const;
    double price_at(tariff_period p) const { return price[static_cast<std::size_t>(p)].value_or(0); }

    using shares = std::array<double, tariff_period_count>;
    /// How much of the time from `from` to `to`, a later one, is in each period.
    shares shares_of(instant from, instant to, calendar const& c) const;
    /// CNY/kWh of energy that is spread so.
    double price_of(shares const& s) const;
};

} // namespace kilnwatt::energy
