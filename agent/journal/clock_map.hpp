#pragma once

#include "core/record.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace kilnwatt::journal {

/// From position `first` on, utc = mono + offset for rows of `boot`.
struct clock_entry {
    position first = 0;
    std::uint32_t boot = 0;
    std::int64_t offset_ms = 0;
    bool trusted = true;

    friend bool operator==(clock_entry const&, clock_entry const&) = default;
};

/// A wall clock may leave the entry's offset by this much before a new entry is made, and a row's UTC is stored as the
/// entry gives it when it lies this near.
inline constexpr std::int64_t clock_tolerance_ms = 5;

/// Before 2020 the machine has lost its time: this program is younger.
inline constexpr utc_time trusted_since{milliseconds{1'577'836'800'000}};

/// The clock table: boot and UTC of every position. Pure.
class clock_map {
public:
    /// Entries in order of `first`; one with the same `first` as the last replaces it.
    void add(clock_entry e);

    /// The entry that a commit at `first` needs and that is not there yet.
    std::optional<clock_entry> due(position first, std::uint32_t boot, stamp now) const;

    /// The newest entry; a zero entry when there is none.
    clock_entry last() const { return entries_.empty() ? clock_entry{} : entries_.back(); }

    /// The entry of a position; rows of an untrusted clock get the offset of the boot's first trusted entry once there
    /// is one. A zero entry before the first.
    clock_entry at(position p) const;

private:
    std::vector<clock_entry> entries_;
};

} // namespace kilnwatt::journal
