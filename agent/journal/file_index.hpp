#pragma once

#include "agent/journal/record_reader.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

namespace kilnwatt::journal {

/// Last seq of each stream of a device; 0 = none yet. The readings' seq is also the number of readings stored.
using stream_seqs = std::array<std::uint64_t, stream_count>;

/// Counts that stand in the file beside the seqs.
struct stored_counts {
    std::uint64_t unstored = 0;
    std::uint64_t dropped = 0;
};

/// What a reader or writer keeps in memory of a file. Seqs and segment ends are saved now and then ("counted"); load()
/// takes what was saved and adds the rows written since. Throws sqlite_error.
class file_index {
public:
    explicit file_index(database& file) : db{file}, layouts{file} {}

    /// True when every row since the last count decoded.
    bool load();

    /// Segments and clock again, without the seqs.
    void refresh();

    file_view view() { return {db, segments, layouts, clocks}; }

    database& db;
    layout_table layouts;
    clock_map clocks;
    segment_directory segments;
    std::unordered_map<std::string, stream_seqs> seqs;
    std::map<std::string, stored_counts> counts; ///< as saved
    position head = 1;                           ///< position of the next row

private:
    bool roll_forward(position from);
};

} // namespace kilnwatt::journal
