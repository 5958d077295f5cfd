#pragma once

#include "agent/publish/cursor.hpp"
#include "agent/publish/rate_limit.hpp"
#include "core/record.hpp"

#include <bitset>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>

namespace kilnwatt::publish {

using batch_ptr = std::shared_ptr<batch const>;

/// Streams a sink publishes; bit n is the stream with that number.
using stream_set = std::bitset<stream_count>;
inline bool has(stream_set s, stream which)
{
    return s.test(static_cast<std::size_t>(which));
}

/// One record to send. Its acknowledgement confirms the whole of `covers`: the record itself and the positions behind
/// it (and, for the first of a batch, before it) that have nothing for this sink.
struct lane_item {
    batch_ptr from;
    std::size_t index = 0;
    position_range covers;
    bool historical = false; ///< it comes from the backlog
    bool again = false;      ///< it was handed over before and not acknowledged

    record const& what() const { return (*from)[index]; }
};

/// Which record goes next: committed batches from memory first (the live lane), behind them what the cursor still owes,
/// read from the journal in chunks (the backlog lane). Pure: the owner reads the journal and publishes.
///
/// A record handed out by next() is in hand until acknowledged() or restart(); nothing in hand is handed out twice.
class lanes {
public:
    struct options {
        stream_set streams;
        std::size_t live_max = 4096;     ///< records waiting in memory; beyond it the oldest fall back to the backlog
        std::size_t backlog_chunk = 256; ///< records of one read
        double backlog_rate = 0;         ///< records a second; 0 = what the window allows
    };

    lanes(options o, cursor c);

    /// A batch was committed. `live`: keep its records in memory for the live lane; otherwise they wait in the backlog.
    void committed(batch_ptr const& b, bool live);

    /// The connection ended: nothing is in hand any more, all of it is backlog.
    void restart();

    std::optional<lane_item> next_live();
    std::optional<lane_item> next_backlog(rate_limit::time_point now);
    std::chrono::milliseconds
    backlog_wait(rate_limit::time_point now); ///< until the rate allows the next one; 0 = none waits

    /// The next read of the journal, when the backlog lane runs dry and none is under way. What lies below `oldest` is
    /// gone from the journal: it leaves the cursor and is counted in dropped().
    std::optional<position_range> want_read(position oldest);
    /// The answer: records of [asked.first, next). Nothing read (next <= asked.first) ends the read without progress.
    void read_done(position_range asked, batch_ptr const& records, position next);

    /// The broker has the record.
    void acknowledged(lane_item const& item);

    void confirmed(position_range covers);

    /// Is there anything to read from the journal that is not handed out and not waiting?
    bool behind() const
    {
        return !backlog_.empty() || cursor_.unconfirmed().first_outside(held_, live_begin()).has_value();
    }

    cursor const& progress() const { return cursor_; }
    std::size_t live_waiting() const { return live_.size(); }
    std::uint64_t dropped() const { return dropped_; } ///< positions that were gone before they could be read

private:
    void enqueue(batch_ptr const& b, position_range whole, std::deque<lane_item>& queue, bool historical);
    void hand_out(lane_item& item);
    position live_begin() const { return live_.empty() ? cursor_.head() : live_.front().covers.first; }

    options options_;
    cursor cursor_;
    rate_limit rate_;
    std::deque<lane_item> live_;
    std::deque<lane_item> backlog_;
    position_set held_;    ///< handed out, or waiting in the backlog queue
    position_set flying_;  ///< handed out and not acknowledged
    position_set doubted_; ///< was flying when a connection ended; at most cursor::ranges_max ranges
    std::uint64_t dropped_ = 0;
    bool reading_ = false;
};

} // namespace kilnwatt::publish
