#pragma once

#include "agent/journal/budget.hpp"
#include "agent/journal/clock_map.hpp"
#include "agent/journal/row_encoder.hpp"
#include "agent/journal/segment_directory.hpp"
#include "core/record.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace kilnwatt::journal {

/// A block ends with the batch that takes it to either of these; a reader decodes at most one block to reach a row.
inline constexpr std::size_t block_bytes_max = 65'536;
inline constexpr std::size_t block_rows_max = 16'384;

/// Writes one stream's batches into its newest segment, inside the caller's transaction, and starts the next segment
/// when that is full. What it did becomes true with committed(). Throws sqlite_error.
class segment_writer {
public:
    /// A segment ends at `segment_bytes` of the file, or when it has been open for `open_max` of uptime.
    segment_writer(database& db, stream kind, std::uint64_t segment_bytes, std::optional<milliseconds> open_max);

    /// Goes on in the newest segment of the list, if there is one, with a new block.
    void resume(segment_directory::list const& list);

    /// Records of the stream with positions in a row; layout_ids beside them. `next_id` numbers a new segment.
    void write(std::span<record const> records, std::span<std::uint32_t const> layout_ids, clock_entry const& clock,
               utc_time now, std::int64_t uptime_ms, std::int64_t& next_id);

    /// Writes what is known of the newest segment into its directory row.
    void save();

    void committed(segment_directory::list& list);
    void rolled_back(segment_directory::list const& list);

    std::uint64_t written() const { return written_; } ///< bytes in the open transaction

private:
    bool is_full(std::int64_t uptime_ms) const;
    void start_segment(position first, utc_time now, std::int64_t uptime_ms, std::int64_t& next_id);
    void flush(position first, std::uint64_t count);

    database& db_;
    stream kind_;
    std::uint64_t segment_bytes_;
    std::optional<milliseconds> open_max_;
    segment_info info_; ///< newest segment, with what is not committed yet; id 0 = none
    std::optional<segment_info> sealed_;
    bool started_ = false; ///< info_ was created in the open transaction
    std::uint64_t written_ = 0;
    statement insert_;

    row_encoder encoder_;
    position block_ = 0; ///< first position of the block; 0 = the next row starts one
    std::size_t block_bytes_ = 0;
    std::size_t block_rows_ = 0;
    std::string body_;
    page_meter meter_;
};

} // namespace kilnwatt::journal
