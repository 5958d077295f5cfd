#pragma once

#include "agent/journal/clock_map.hpp"
#include "agent/journal/layout_table.hpp"
#include "agent/journal/row_decoder.hpp"
#include "agent/journal/segment_directory.hpp"

#include <limits>
#include <vector>

namespace kilnwatt::journal {

/// What is needed to make sense of a file's batches.
struct file_view {
    database& db;
    segment_directory const& segments;
    layout_table& layouts;
    clock_map const& clocks;
};

inline constexpr position no_position = std::numeric_limits<position>::max();

/// Reads one stream of a file forward, batch by batch, through all its segments; it may be asked again when more was
/// written. Between calls it holds no lock and no open statement. A block that does not decode is passed over and
/// noted. Throws sqlite_error.
class segment_scanner {
public:
    segment_scanner(file_view view, stream kind) : view_{view}, kind_{kind} {}

    /// The next record wanted is at `p` or after.
    void seek(position p);

    /// Position of the next record; no_position when there is none (yet).
    position peek();

    /// The rest of the batch that peek() found, appended to `out`; nothing when it turns out to be damaged.
    void take(std::vector<record>& out);

    /// Ranges passed over since the last call.
    std::vector<position_range> damaged() { return std::exchange(damaged_, {}); }

private:
    struct stored_batch {
        position first = 0;
        position last = 0; ///< one past
        position block = 0;
        std::vector<std::uint8_t> body;
    };

    void enter(segment_info const& s);
    bool fetch();
    bool decode();
    void pass_over(segment_info const& s);

    file_view view_;
    stream kind_;
    position wanted_ = 1;
    std::int64_t segment_ = 0; ///< id of the segment that `next_batch_` reads; 0 = none
    statement next_batch_;
    position after_ = 0; ///< first position of the batch that was fetched last
    position block_ = 0;
    bool waiting_ = false; ///< batch_ is fetched and not yet taken
    stored_batch batch_;
    row_decoder decoder_;
    std::vector<decoded_row> rows_;
    std::vector<position_range> damaged_;
};

} // namespace kilnwatt::journal
