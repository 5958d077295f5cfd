#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace kilnwatt::config {

/// "-0.35 %/K" as {"-0.35", "%/K"}: the longest number in front, and what follows without blanks around it.
/// Nothing when there is no number, or when it is not finite.
struct split_quantity {
    double number = 0;
    std::string_view unit;
};
std::optional<split_quantity> split(std::string_view text);

/// "250 ms", "1.5 h"; units ms, s, min, h, d. Nothing unless it is a whole number of milliseconds.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
/// "8 GiB", "500 MB"; units B, kB, MB, GB, TB, KiB, MiB, GiB, TiB. Nothing unless it is a whole number of bytes.
std::optional<std::uint64_t> parse_size(std::string_view text);

/// The other way round, in the largest unit that gives a whole number: "1500 ms", "2 min", "8 GiB".
std::string show_duration(std::chrono::milliseconds value);
std::string show_size(std::uint64_t bytes);

} // namespace kilnwatt::config
