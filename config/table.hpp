#pragma once

#include "config/defect.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kilnwatt::config {

/// One TOML table being read: typed getters that note every mistake as a defect with its place and go on, so that one
/// pass reports all. A getter returns nothing for a key that is absent or wrong (wrong is noted, absent is not: see
/// require). Every key asked for counts as known; refuse_unknown() then reports the others with the nearest known name.
///
/// A cheap handle on a document that several handles share; it keeps the document alive. Not thread-safe.
class table {
public:
    struct node; ///< hides the TOML library

    explicit table(std::shared_ptr<node> n) : node_{std::move(n)} {}

    bool has(std::string_view key) const;
    /// Notes "is missing" unless the key is there, "is empty" where it is a text of nothing; returns whether it says
    /// something.
    bool require(std::string_view key, std::string_view remedy);

    std::optional<std::string> text(std::string_view key);
    /// The same for a secret: a wrong value is never shown.
    std::optional<std::string> hidden_text(std::string_view key);
    std::optional<bool> boolean(std::string_view key);
    /// A text, or true for `usual`, or false for "".
    std::optional<std::string> text_or_switch(std::string_view key, std::string_view usual);
    std::optional<std::int64_t> integer(std::string_view key,
                                        std::int64_t min = std::numeric_limits<std::int64_t>::min(),
                                        std::int64_t max = std::numeric_limits<std::int64_t>::max());
    /// A whole or fractional number; never inf or nan.
    std::optional<double> number(std::string_view key, double min = std::numeric_limits<double>::lowest(),
                                 double max = std::numeric_limits<double>::max());
    /// "250 ms", "5 s", "10 min", "1 h", "400 d"; the unit is required.
    std::optional<std::chrono::milliseconds> duration(std::string_view key, std::chrono::milliseconds min,
                                                      std::chrono::milliseconds max);
    /// "8 GiB", "500 MB", "4096 B" in bytes.
    std::optional<std::uint64_t> size(std::string_view key, std::uint64_t min, std::uint64_t max);
    /// "300 kWp", "-0.35 %/K", "1000 kVA": a number and one of the units; the result is in the first of them.
    /// units: accepted spellings with the factor to the first, for example {{"kW", 1}, {"W", 0.001}, {"MW", 1000}}.
    std::optional<double> quantity(std::string_view key, std::vector<std::pair<std::string_view, double>> const& units,
                                   double min, double max);
    /// One of the given words.
    std::optional<std::string> choice(std::string_view key, std::vector<std::string_view> const& words);
    std::optional<std::vector<std::string>> texts(std::string_view key);
    /// A number or an array of numbers, exact (sentinels may be 64-bit: "0xFFFFFFFFFFFFFFFF" as a text gives the bits).
    std::optional<std::vector<std::int64_t>> integers(std::string_view key);

    std::optional<table> child(std::string_view key);  ///< a sub-table or inline table
    std::vector<table> children(std::string_view key); ///< an array of tables; empty when absent
    std::vector<std::string> keys() const;             ///< in file order

    place where() const;                               ///< of the table itself
    place where(std::string_view key) const;           ///< of the key's value; of the table when the key is absent
    std::string path(std::string_view key = {}) const; ///< dotted, for messages; items count from 1: "device[1].unit"

    /// Everything that was written in the table, as a JSON object in file order. `shown` gives what stands for a text
    /// that was asked for with hidden_text().
    std::string as_json(std::function<std::string(std::string const&)> const& shown) const;

    void complain(std::string_view key, std::string message, std::string remedy = {});
    void refuse_unknown();

private:
    std::shared_ptr<node> node_;
};

/// A parsed document with its defects, syntax errors included. `root` is always there (empty after a syntax error), so
/// that the caller needs no special case.
struct document {
    table root;
    std::shared_ptr<defects> found;
    bool complete = true; ///< false when a file could not be read or parsed: what is missing may stand in it
};

/// Limits against hostile or mistaken files.
inline constexpr std::size_t file_size_max = 4u << 20;
inline constexpr int depth_max = 32;
inline constexpr int files_max = 64;

/// Reads one TOML file: UTF-8, BOM and CRLF accepted. No include.
document read_file(std::string const& path);

/// Reads a file whose top-level `include = ["more/*.toml"]` merges further files (relative to it; globs sorted;
/// loops refused): tables merge, arrays of tables append, a key given twice is a defect naming both places.
document read_files(std::string const& path);

/// One file from memory; `name` stands for it in messages. No include.
document read_text(std::string const& text, std::string const& name);

} // namespace kilnwatt::config
