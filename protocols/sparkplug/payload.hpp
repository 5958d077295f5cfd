#pragma once

#include "core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kilnwatt::sparkplug {

/// Sparkplug datatype codes, of those that we send. UInt32 is not among them: hosts disagree on its field.
enum class datatype : std::uint32_t { int32 = 3, int64 = 4, float64 = 10, boolean = 11, string = 12, datetime = 13 };

bool is_known_datatype(std::uint32_t code) noexcept; ///< any code that Sparkplug B 3.0 lists (1 to 34)

/// monostate = null.
using metric_value = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

/// A property of a metric, for example its engineering unit. The type follows the value: Int32, Double, String,
/// Boolean.
struct property {
    std::string key;
    std::variant<std::int32_t, double, std::string, bool> what;

    friend bool operator==(property const&, property const&) = default;
};

struct metric {
    std::string name; ///< "" = known by alias
    std::optional<std::uint64_t> alias;
    std::optional<utc_time> timestamp;
    std::optional<std::uint32_t> type; ///< datatype code; absent in DATA
    bool historical = false;
    metric_value value;
    std::vector<property> properties;

    friend bool operator==(metric const&, metric const&) = default;
};

struct payload {
    std::optional<utc_time> timestamp;
    std::optional<std::uint64_t> seq;
    std::vector<metric> metrics;

    friend bool operator==(payload const&, payload const&) = default;
};

/// Largest payload that decode() takes, in bytes; mqtt::inbound_bytes_max is the same.
inline constexpr std::size_t payload_bytes_max = 64 * 1024;

/// The bytes of a payload. A text that is not UTF-8 has what is wrong replaced by "?".
std::string encode(payload const& p);

/// Nothing when the bytes are not a Sparkplug payload. Integers of up to 32 bits are taken from either field that hosts
/// use; a value of a type we do not know (data set, template, bytes) is null.
std::optional<payload> decode(std::string_view bytes);

} // namespace kilnwatt::sparkplug
