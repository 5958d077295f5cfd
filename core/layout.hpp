#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt {

/// What a cell's 64 bits mean. The numbers are stored in the journal.
enum class value_kind : std::uint8_t {
    i64 = 0,  ///< two's complement
    u64 = 1,  ///< unsigned
    f32 = 2,  ///< IEEE 754 single in the low 32 bits
    f64 = 3,  ///< IEEE 754 double
    text = 4, ///< index into the row's texts
};

/// One column of a layout: how a raw number becomes a value with a unit.
///
/// value = raw * scale + offset, times 10^(value of exponent_column) when there is one.
struct column {
    std::string name;                        ///< point name, for example "active_power"
    std::string unit;                        ///< canonical unit after scaling, for example "W"; "" = none
    value_kind kind = value_kind::i64;
    double scale = 1.0;
    double offset = 0.0;
    int exponent_column = -1;                ///< column of the row that holds the decimal exponent; -1 = none
    bool counter = false;                    ///< a meter's counter: only differences mean anything
    std::vector<std::pair<std::int64_t, std::string>> states; ///< names of an enumeration's raw numbers

    friend bool operator==(column const&, column const&) = default;
};

/// Which ledger a record belongs to: each has its own gap-free seq per device, topic and storage budget.
/// The numbers are stored in the journal.
enum class stream : std::uint8_t {
    readings = 0,
    window_1m = 1,
    window_15m = 2,
    kpi_1m = 3,
    kpi_15m = 4,
    event = 5,
    // Roll-ups, merged from window_15m and kpi_15m on the site's local calendar.
    window_1h = 6,
    kpi_1h = 7,
    window_day = 8, ///< calendar day
    kpi_day = 9,
    window_production_day = 10, ///< a day that begins with the first shift, where that is not midnight
    kpi_production_day = 11,
    window_month = 12,
    kpi_month = 13,
    window_year = 14,
    kpi_year = 15,
    entry = 16, ///< typed in or imported: periods before the installation, production, frozen baselines; kept for ever
};
inline constexpr int stream_count = 17;

/// The topic below the device or the root, for example "window/PT15M".
std::string_view to_string(stream s) noexcept;

bool is_window(stream s) noexcept; ///< aggregated points of one device, of any length
bool is_kpi(stream s) noexcept;    ///< figures of the plant, of any length

/// The immutable meaning of a row's columns. A change of profile or override makes a new layout, so stored history is
/// never reinterpreted. Identity is the content: hash() of equal layouts is equal.
struct layout {
    std::string device; ///< device name; "site" for the plant's own streams
    stream kind = stream::readings;
    std::string source; ///< where it came from, for example the profile id
    std::vector<column> columns;

    friend bool operator==(layout const&, layout const&) = default;
};

using layout_ptr = std::shared_ptr<layout const>;

} // namespace kilnwatt
