#include "agent/journal/commit_queue.hpp"

#include <algorithm>
#include <utility>

namespace kilnwatt::journal {

commit_queue::commit_queue(plant_clock clock, std::chrono::milliseconds commit, std::size_t rows_max)
    : clock_{clock}, commit_{commit}, rows_max_{std::max<std::size_t>(rows_max, 2)}
{}

void commit_queue::due_by(mono_time t)
{
    if (t >= due_)
        return;
    due_ = t;
    changed_.notify_one();
}

bool commit_queue::push(row&& r)
{
    std::lock_guard const lock{mutex_};
    if (closed_ || rows_.size() >= rows_max_)
        return false;
    rows_.push_back(std::move(r));
    if (rows_.size() == 1)
        due_by_in(commit_);
    else if (rows_.size() == rows_max_ / 2)
        changed_.notify_one();
    return true;
}

void commit_queue::put(std::string sink, saved_cursor c)
{
    std::lock_guard const lock{mutex_};
    cursors_.insert_or_assign(std::move(sink), std::move(c));
    if (cursors_.size() == 1 || due_ == mono_time::max())
        due_by_in(std::max(commit_, cursor_delay));
}

bool commit_queue::ask(read_request r)
{
    std::lock_guard const lock{mutex_};
    if (closed_)
        return false;
    reads_.push_back(std::move(r));
    changed_.notify_one();
    return true;
}

void commit_queue::close()
{
    std::lock_guard const lock{mutex_};
    closed_ = true;
    changed_.notify_one();
}

commit_queue::work commit_queue::take(mono_time latest)
{
    std::unique_lock lock{mutex_};
    work w;
    for (;;) {
        auto const now = clock_.now().mono;
        w.commit = due(now);
        if (w.commit || !reads_.empty() || now >= latest)
            break;
        auto const wake = std::min(latest, due_);
        if (wake == mono_time::max())
            changed_.wait(lock);
        else
            changed_.wait_until(lock, clock_.machine_time(wake));
    }
    w.closed = closed_;
    if (w.commit) {
        w.rows = std::exchange(rows_, {});
        w.cursors = std::exchange(cursors_, {});
        due_ = mono_time::max();
    }
    if (!reads_.empty()) {
        w.read = std::move(reads_.front());
        reads_.pop_front();
    }
    return w;
}

void commit_queue::give_back(std::map<std::string, saved_cursor> cursors)
{
    if (cursors.empty())
        return;
    std::lock_guard const lock{mutex_};
    cursors_.merge(std::move(cursors));
    due_by_in(std::max(commit_, cursor_delay));
}

} // namespace kilnwatt::journal
