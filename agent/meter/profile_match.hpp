#pragma once

#include "drivers/profile.hpp"
#include "drivers/read_plan.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace kilnwatt::meter {

/// What a unit answered so far, so that profiles that share registers do not read them twice.
class register_book {
public:
    void answered(drivers::read_range const& r, std::span<std::uint16_t const> words);
    /// Says nothing of a part of `r`, nor of a range that only overlaps it.
    void refused(drivers::read_range const& r);

    /// True when asking again would bring nothing new.
    bool knows(drivers::read_range const& r) const;
    /// The words; nothing when refused or not asked.
    std::optional<std::vector<std::uint16_t>> words(drivers::read_range const& r) const;

private:
    using key = std::pair<modbus::table, std::uint32_t>; ///< table and address
    std::map<key, std::uint16_t> known_;
    std::vector<drivers::read_range> refused_;
};

/// The few points of a profile that tell most about whether a device is of its kind: identification texts, the mains
/// frequency, voltages, power factor. At most eight.
std::vector<drivers::point> witnesses_of(drivers::profile const& p);

/// How well a profile fits a unit.
struct profile_fit {
    std::string profile;
    double confidence = 0; ///< 0 to 1
    std::string reason;    ///< for people: "frequency 50.02 Hz, voltage_l1 230.1 V"
};

/// Judges a profile by its witnesses: a device that lacks one is hardly of that kind, a plausible value speaks for it,
/// an impossible one against it. Pure. Confidence of a fit from plausibility alone stays below 0.9.
profile_fit judge(drivers::profile const& p, register_book const& book);

/// The best first; at most `most`, those below `least` left out.
std::vector<profile_fit> best_fits(std::span<drivers::profile const> profiles, register_book const& book,
                                   std::size_t most = 3, double least = 0.3);

} // namespace kilnwatt::meter
