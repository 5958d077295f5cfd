#pragma once

#include "core/plant_clock.hpp"
#include "core/record.hpp"

#include <cstdint>
#include <map>
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

/// Before 2026 the machine has lost its time: no version of this program is older.
inline constexpr utc_time trusted_since{milliseconds{1'767'225'600'000}};

/// After a step of more than this nobody knows which of the two times was right,
inline constexpr std::int64_t far_step_ms = 600'000;
/// until the clock has run on for this long without another one.
inline constexpr milliseconds settle_time{600'000};

/// The clock table: boot and UTC of every position. Pure.
class clock_map {
public:
    /// Entries in order of `first`; one with the same `first` as the last replaces it.
    void add(clock_entry e);

    /// Which run of the machine a boot belongs to.
    void belongs(std::uint32_t boot, machine_run run) { runs_[boot] = std::move(run); }

    /// The entry that a commit at `first` needs and that is not there yet.
    std::optional<clock_entry> due(position first, std::uint32_t boot, stamp now);

    /// The newest entry; a zero entry when there is none.
    clock_entry last() const { return entries_.empty() ? clock_entry{} : entries_.back(); }

    /// The entry of a position; rows of an untrusted clock get the offset of the first trusted entry of the same run of
    /// the machine once there is one, also when the agent was restarted in between. A zero entry before the first.
    clock_entry at(position p) const;

private:
    std::optional<std::int64_t> offset_for(std::uint32_t boot, clock_entry const& e) const;

    std::vector<clock_entry> entries_;
    std::map<std::uint32_t, machine_run> runs_; ///< by boot
    std::uint32_t settling_ = 0;                ///< the boot that settled_at_ belongs to; 0 = none
    mono_time settled_at_{};                    ///< from here on the clock is trusted
};

} // namespace kilnwatt::journal
