#pragma once

#include "agent/journal/commit_queue.hpp"
#include "agent/journal/journal.hpp"
#include "agent/journal/ledger_book.hpp"
#include "agent/journal/stage_feeder.hpp"
#include "agent/journal/store.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace kilnwatt::journal {

/// What the journal's thread does between a commit and the next; journal.cpp is what others call.
struct journal::impl {
    impl(options opts, plant_clock c, std::unique_ptr<store> f)
        : o{std::move(opts)}, clock{c}, file{std::move(f)}, queue{c, o.commit, o.queue_max},
          saved_cursors{file->cursors()}, epoch{file->epoch()}, head{file->head()}, oldest{file->oldest()}
    {
        for (auto const& [device, seqs] : file->seqs())
            if (auto const stored = stored_of(seqs); stored != 0)
                ledger.load(device, stored, 0, 0);
        for (auto const& [device, counts] : file->counts()) {
            auto const found = file->seqs().find(device);
            auto const stored = found == file->seqs().end() ? 0 : stored_of(found->second);
            ledger.load(device, stored, counts.unstored, counts.dropped);
        }
    }

    void run();
    bool look_into_inbox();
    void commit(commit_queue::work& w, bool last);
    void committed(batch_ptr const& records, commit_queue::work& w, stamp now);
    void failed(batch const& lost, std::size_t made_events, commit_queue::work& w, boost::system::error_code ec,
                stamp now);
    void trim();
    bool make_room(stamp now);
    void announce(std::vector<dropped_range> const& ranges);
    void serve(read_request const& r);
    void drive_stage();
    void catch_up();
    void output_due_by(mono_time t) { output_due = feeder->has_output() ? std::min(output_due, t) : mono_time::max(); }
    mono_time wake() const;
    position lowest_unconfirmed() const;
    void tell(std::string const& sentence) const;

    options o;
    plant_clock clock;
    std::unique_ptr<store> file; ///< journal's thread only, once started
    commit_queue queue;
    ledger_book ledger;
    std::map<std::string, saved_cursor> const saved_cursors;
    std::string const epoch;
    std::atomic<position> head;
    std::atomic<position> oldest;
    std::atomic<bool> trusts_clock = true;

    std::shared_ptr<stage> consumer;
    std::vector<std::function<void(batch_ptr)>> on_commit;
    std::vector<std::function<void(std::string)>> on_failure;
    std::vector<std::function<void(std::vector<dropped_range>)>> on_dropped;
    std::vector<std::function<void(batch_ptr)>> on_unstored;
    std::thread thread;
    bool started = false;
    bool stopped = false;

    // the journal's thread
    std::optional<stage_feeder> feeder;
    std::map<std::string, position> unconfirmed; ///< of the sinks of this run
    mono_time output_due = mono_time::max();
    mono_time stage_due{};
    mono_time inbox_due{};
    std::vector<row> inbox; ///< to be committed now
    std::int64_t inbox_last = 0;
    std::int64_t segments_seen = 0;
    mono_time trim_due{};
    bool trimming = true; ///< retention has more to do, a step between two commits
    std::atomic<std::uint64_t> turns = 0;
    std::atomic<bool> failing = false; ///< written by the journal's thread
    bool read_failing = false;
};

} // namespace kilnwatt::journal
