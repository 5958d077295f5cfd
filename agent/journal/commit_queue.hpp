#pragma once

#include "agent/journal/store.hpp"
#include "core/plant_clock.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::journal {

struct read_request {
    position_range range;
    std::size_t max = 0;
    std::function<void(std::shared_ptr<batch const>, position)> done;
};

/// What waits for the journal's thread, and when it is due. Safe from any thread; one thread takes.
class commit_queue {
public:
    /// A commit is due `commit` of plant time after the first uncommitted row, or when half of `rows_max` is taken.
    commit_queue(plant_clock clock, std::chrono::milliseconds commit, std::size_t rows_max);

    bool push(row&& r);                           ///< false: full or closed; `r` is left as it was
    void put(std::string sink, saved_cursor c);   ///< the newest of a sink counts; waits at least cursor_delay
    bool ask(read_request r);                     ///< false: closed
    void close();

    struct work {
        bool commit = false; ///< rows and cursors are due
        bool closed = false;
        std::vector<row> rows;
        std::map<std::string, saved_cursor> cursors;
        std::optional<read_request> read;
    };

    /// Waits for a commit that is due, a read or the close, but not past plant time `latest`.
    work take(mono_time latest);

    /// Cursors that could not be written: they go with the next commit, unless newer ones wait.
    void give_back(std::map<std::string, saved_cursor> cursors);

private:
    static constexpr std::chrono::milliseconds cursor_delay{500};

    void due_by(mono_time t);
    void due_by_in(std::chrono::milliseconds delay) { due_by(clock_.now().mono + delay); }
    bool due(mono_time now) const { return closed_ || now >= due_ || rows_.size() >= rows_max_ / 2; }

    plant_clock clock_;
    std::chrono::milliseconds commit_;
    std::size_t rows_max_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<row> rows_;
    std::map<std::string, saved_cursor> cursors_;
    std::deque<read_request> reads_;
    mono_time due_ = mono_time::max();
    bool closed_ = false;
};

} // namespace kilnwatt::journal
