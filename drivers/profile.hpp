#pragma once

#include "config/defect.hpp"
#include "config/table.hpp"
#include "drivers/limit_watch.hpp"
#include "drivers/stuck_watch.hpp"
#include "protocols/modbus/link.hpp"
#include "protocols/modbus/pdu.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kilnwatt::drivers {

/// Limits against a mistaken file.
inline constexpr std::size_t points_max = 2000;
inline constexpr std::uint16_t text_registers_max = 125;
inline constexpr int retries_max = 5;

/// How often a point is read; the period of a class can be set per device.
enum class poll_class : std::uint8_t { fast, normal, counters, slow };
inline constexpr std::array<std::string_view, 4> poll_class_names{"fast", "normal", "counters", "slow"};

/// The wire type of a point. Bits of a register are u16 with a mask; coils and inputs are `bit`.
enum class point_type : std::uint8_t {
    bit, u8, i8, u16, i16, u32, i32, u64, i64, f16, f32, f64, bcd16, bcd32, bcd64, // numbers
    text, datetime_3, datetime_4, datetime_6
};
inline constexpr std::size_t point_types = 19;

/// Order of the bytes of a 32- or 64-bit value as they come off the wire, high to low = abcd.
enum class byte_order : std::uint8_t { abcd, cdab, badc, dcba };

/// As profiles write them.
std::string_view to_string(point_type t) noexcept;
/// Its value is text: a string, or the moment a device's clock shows.
bool is_text(point_type t) noexcept;
std::string_view to_string(byte_order o) noexcept;
std::string_view to_string(modbus::table t) noexcept;

/// What people may set a point to, in its canonical unit.
struct write_bounds {
    double min = 0;
    double max = 0;

    friend bool operator==(write_bounds const&, write_bounds const&) = default;
};

/// One quantity of a device.
struct point {
    std::string name; ///< of the vocabulary, or vendor.<name>
    modbus::table table = modbus::table::holding_registers;
    std::uint16_t address = 0;   ///< on the wire
    std::uint16_t registers = 1; ///< length; from the type except for a string
    point_type type = point_type::u16;
    byte_order order = byte_order::abcd;
    std::uint64_t mask = 0; ///< bits of an unsigned value, moved together after, lowest first; 0 = all
    double scale = 1.0;     ///< to the canonical unit: manual's scale times unit factor; negative = inverted
    double offset = 0.0;
    std::string unit;         ///< canonical unit
    std::string exponent;     ///< name of the point that holds the decimal exponent; "" = none
    bool negated = false;     ///< cell holds minus the number: a count of decimals read as an exponent
    bool accumulator = false; ///< 0 means "nothing accumulated yet": quality initial
    poll_class poll = poll_class::normal;
    bool counter = false;
    std::vector<std::uint64_t> sentinels; ///< raw patterns (after word order) that mean "not implemented"
    std::vector<std::pair<std::int64_t, std::string>> states;
    std::vector<std::pair<std::int64_t, std::int64_t>> map; ///< what a code means as a number; others are unknown
    point_limits limits;
    std::optional<stuck_rule> stuck;
    std::optional<write_bounds> writable; ///< the site file opens it for `kilnwatt meter write`; a profile never does
    std::string ref;                      ///< the manual's own number
    std::string source;                   ///< where this line was taken from; as a sentence once the profile is read

    friend bool operator==(point const&, point const&) = default;
};

struct request_limits {
    std::uint16_t registers_per_request = modbus::registers_max;
    std::uint16_t gap = 8; ///< unused registers worth reading to save a request
    int retries = 0;       ///< a request that brought no answer, or a broken one, is sent so often again at once
};

/// What a site says of one point of its device.
struct point_change {
    std::string point;              ///< as the profile calls it
    std::string name;               ///< "" = keeps its name
    double factor = 1.0;            ///< on the value; negative turns the sign
    std::optional<poll_class> poll; ///< none = of the profile
    std::optional<stuck_rule> stuck;
    bool off = false; ///< not read
    std::optional<write_bounds> writable;

    friend bool operator==(point_change const&, point_change const&) = default;
};

/// How one device differs from its profile.
struct instance_changes {
    double current_ratio = 1.0; ///< of current transformers: on A, W, var, VA and their energies
    double voltage_ratio = 1.0; ///< of voltage transformers: on V, W, var, VA and their energies
    int part = 0;               ///< of a SunSpec chain with several common blocks, from 1; 0 = all
    std::vector<point_change> points;
    std::vector<point> added;

    friend bool operator==(instance_changes const&, instance_changes const&) = default;
};

/// What the registers of a kind of device mean. Data: one TOML file a family under config/devices.
struct profile {
    std::string id;
    std::string kind; ///< "power_meter", "pv_inverter", "heat_meter", ...
    std::vector<std::string> models;
    std::string source;     ///< manual or measurement the registers come from, unless a point has its own
    std::string confidence; ///< how sure that is: "high", "medium", "low", or "" when the file does not say
    modbus::link_timing timing;
    request_limits limits;
    bool gap_is_given = false; ///< limits.gap stands in the file; else each link decides by what a request costs
    bool sunspec = false;   ///< points come from the discovered model chain
    bool may_sleep = false; ///< silence at night is no fault
    int unit = 1;           ///< usual unit id
    serial_format serial;   ///< usual line format
    std::vector<point> points;
    std::vector<std::string> caveats;
    instance_changes changes; ///< of one device; its `points` have them already, a SunSpec chain's get them
};

inline constexpr std::string_view profile_extension = ".toml";

/// Reads a profile; mistakes go to the document's defects. A point's `source` names an entry of the file's
/// `sources.key = "sentence"`; without one it is the file's `source`. What profiles of a family share stands in a
/// file that they include, as `shared_points` (config::read_files).
profile read_profile(config::document& doc);

/// Reads points written inline (profile file or device in the site file), each a table of the array `key`:
///     {name = "active_power", table = "input", address = 0x0034, type = "i32", order = "cdab", scale = 0.1,
///      unit = "kW", poll = "fast", ref = "40053"}
/// table is "holding" unless said. Where needed also offset, invert, counter, sentinels, states, mask, accumulator,
/// length (of a string), map = {2 = -3, 3 = 0} (what a code means, such as a unit register),
/// and exponent = "vendor.w_sf" (the value is times ten to the power of that point) or
/// "-vendor.decimal_point" (that point counts decimals). In the canonical unit of what the profile reads:
/// physical = {min = 0, max = 345} (outside is bad), engineering = {min = 207, max = 253} (outside is uncertain),
/// max_rate = 5 (change a second), stuck = {while = "active_power", above = 500, after = "30 min"} (uncertain when it
/// has not moved for so long although the other point was above the number). In a site file
/// writable = {min = 0, max = 50} opens the point (point_write.hpp). The owner may say
/// sentinels = {u16 = 0xFFFF, i32 = [-1]} for all its points of a type that have none of their own. Points of the
/// array `shared` come after those of `key`.
std::vector<point> read_points(config::table& owner, std::string_view key, std::string_view shared = {});

/// The key `stuck` of a point or an override; `counter` decides the usual time.
std::optional<stuck_rule> read_stuck(config::table& t, bool counter);

/// `writable = {min = ..., max = ...}` of a point or of a change; nothing when it is absent or wrong (noted).
std::optional<write_bounds> read_writable(config::table& t);

/// Reads `override` and `add_points` of a device in the site file into `what.changes`, and gives `what.points` all of
/// the changes. Mistakes (no such point, a name taken twice, ...) are noted; names of a SunSpec device are not known
/// yet.
void read_changes(config::table& device, profile& what);

/// The points as the device has them: ratios and factors applied, renamed, those switched off left out (unless a value
/// needs them as exponent), the added ones at the end. Pure.
std::vector<point> changed(std::vector<point> points, instance_changes const& changes);

/// The name of a profile: a-z, 0-9, _ and -.
bool is_profile_id(std::string_view id) noexcept;

/// Folders searched for "<id>.toml", the first hit wins.
struct profile_library {
    std::vector<std::string> folders;

    /// Every id found, sorted.
    std::vector<std::string> ids() const;
    /// Path of a profile; "" when there is none.
    std::string path_of(std::string_view id) const;
};

} // namespace kilnwatt::drivers
