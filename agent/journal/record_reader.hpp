#pragma once

#include "agent/journal/segment_scanner.hpp"

#include <bitset>
#include <vector>

namespace kilnwatt::journal {

/// Records of several streams of a file in the order of their positions. Same rules as segment_scanner.
class record_reader {
public:
    using stream_set = std::bitset<stream_count>;
    static stream_set all() { return stream_set{}.set(); }

    explicit record_reader(file_view view, stream_set streams = all());

    void seek(position p);

    /// The next record; false when there is none (yet).
    bool next(record& out);

    /// Where it stands: every record before was given, or is in another stream, or was passed over.
    position at() const { return at_; }

    /// Ranges passed over since the last call.
    std::vector<position_range> damaged();

private:
    std::vector<segment_scanner> scanners_;
    std::vector<record> batch_;
    std::size_t given_ = 0;
    position at_ = 1;
};

} // namespace kilnwatt::journal
