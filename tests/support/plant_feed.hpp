#pragma once

#include "core/row.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt::energy::test {

inline constexpr std::int64_t t0 = 1'780'272'000'000; ///< a full hour in UTC

/// A device that answers with rows of one layout; the columns are doubles with scale 1.
class source {
public:
    source(std::string device, std::vector<std::string> points);

    /// At t0 + ms; a NaN is a timeout.
    row at(std::int64_t ms, std::vector<double> const& values) const;
    row with(std::int64_t ms, std::vector<cell> cells) const;
    std::vector<column> const& columns() const { return layout_->columns; }

private:
    layout_ptr layout_;
};

stamp time_at(std::int64_t ms); ///< t0 + ms, with a monotonic clock that began an hour before

/// One cell of a derived row.
struct found {
    double value = 0; ///< NaN = absent
    quality q = quality::not_read;
};

/// The row of that device and stream whose window begins at t0 + ms.
row const* window(std::vector<row> const& rows, std::string_view device, stream kind, std::int64_t ms);
/// A column of it; nothing when there is no such row or column.
std::optional<found> look(std::vector<row> const& rows, std::string_view device, stream kind, std::int64_t ms,
                          std::string_view column);
/// A figure of the plant.
std::optional<found> figure_at(std::vector<row> const& rows, stream kind, std::int64_t ms, std::string_view name);

/// Everything of a row that is stored, as text, to compare rows with layouts of their own.
std::string text_of(row const& r);
std::vector<std::string> texts_of(std::vector<row> const& rows);

} // namespace kilnwatt::energy::test
