#include "agent/journal/journal.hpp"

#include "agent/journal/commit_queue.hpp"
#include "agent/journal/error.hpp"
#include "agent/journal/ledger_book.hpp"
#include "agent/journal/row_encoder.hpp"
#include "agent/journal/stage_feeder.hpp"
#include "agent/journal/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>
#include <utility>

namespace kilnwatt::journal {
namespace {

constexpr std::chrono::milliseconds stage_tick{1'000};  ///< longest plant time between two calls of the stage
constexpr std::chrono::milliseconds retry_delay{1'000}; ///< plant time to the next attempt when only output waits
std::string const memory_prefix = "device:"; ///< no sink has such a name
constexpr std::chrono::seconds trim_period{10};          ///< plant time between looks at age and free disk
constexpr std::chrono::milliseconds inbox_tick{5'000};  ///< plant time between two looks into the inbox
constexpr std::size_t catch_up_max = 4'096;             ///< records a lagging stage is shown at a time

} // namespace

struct journal::impl {
    impl(options opts, plant_clock c, std::unique_ptr<store> f)
        : o{std::move(opts)}, clock{c}, file{std::move(f)}, queue{c, o.commit, o.queue_max},
          saved_cursors{file->cursors()}, epoch{file->epoch()}, head{file->head()}, oldest{file->oldest()}
    {
        for (auto const& [device, seqs] : file->seqs())
            ledger.load(device, seqs[static_cast<std::size_t>(stream::readings)], 0, 0);
        for (auto const& [device, c2] : file->counts()) {
            auto const found = file->seqs().find(device);
            auto const stored =
                found == file->seqs().end() ? 0 : found->second[static_cast<std::size_t>(stream::readings)];
            ledger.load(device, stored, c2.unstored, c2.dropped);
        }
    }

    void run();
    bool look_into_inbox();
    void commit(commit_queue::work& w, bool last);
    void committed(batch_ptr const& records, commit_queue::work& w, stamp now);
    void failed(batch const& lost, commit_queue::work& w, boost::system::error_code ec, stamp now);
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

void journal::impl::run()
{
    for (auto closed = false; !closed;) {
        auto w = queue.take(wake());
        ++turns;
        closed = w.closed;
        if (look_into_inbox() || w.commit || clock.now().mono >= output_due)
            commit(w, false);
        if (w.read)
            serve(*w.read);
        if (!closed && trimming)
            trim();
        if (!closed && feeder)
            drive_stage();
    }
    commit_queue::work rest;
    commit(rest, true);
    for (auto w = queue.take(mono_time::min()); w.read; w = queue.take(mono_time::min()))
        serve(*w.read);
}

mono_time journal::impl::wake() const
{
    if (trimming)
        return mono_time::min();
    if (!feeder)
        return inbox_due;
    if (feeder->has_output() && (failing || feeder->lags(file->head())))
        return std::min(output_due, inbox_due); // the stage sees no more before its answer is written
    return std::min({output_due, stage_due, inbox_due});
}

/// Reads what other processes left there; true when there is something to commit.
bool journal::impl::look_into_inbox()
{
    auto const now = clock.now();
    if (now.mono < inbox_due)
        return false;
    inbox_due = now.mono + inbox_tick;
    inbox = file->inbox(inbox_last);
    for (auto& r : inbox)
        r.time = now;
    return inbox_last > 0;
}

void journal::impl::commit(commit_queue::work& w, bool last)
{
    auto const now = clock.now();
    auto rows = std::move(w.rows);
    rows.insert(rows.end(), inbox.begin(), inbox.end());
    inbox.clear();
    auto const with_output = feeder && feeder->has_output();
    if (with_output)
        rows.insert(rows.end(), feeder->rows().begin(), feeder->rows().end());
    auto records = std::make_shared<batch>(file->assemble(std::move(rows)));

    auto const unstored = ledger.take_unstored();
    auto const snapshot = with_output ? saved_snapshot{feeder->snapshot(), feeder->covers()} : saved_snapshot{};
    commit_extras const extras{with_output ? &snapshot : nullptr, &w.cursors, &unstored,
                               std::exchange(inbox_last, 0), last};
    if (records->empty() && !with_output && w.cursors.empty() && unstored.empty() && !last &&
        extras.inbox_until == 0)
        return;
    auto written = file->write(*records, extras, now);
    if (written.has_error() && written.error() == errc::disk_full && make_room(now))
        written = file->write(*records, extras, now);
    if (written.has_error()) {
        ledger.give_back(unstored);
        failed(*records, w, written.error(), now);
        return;
    }
    if (with_output)
        feeder->written();
    output_due = mono_time::max();
    committed(records, w, now);
}

void journal::impl::committed(batch_ptr const& records, commit_queue::work& w, stamp now)
{
    if (failing) {
        failing = false;
        tell(fmt::format("the journal {} can be written again", o.path));
    }
    for (auto const& [sink, c] : w.cursors)
        unconfirmed[sink] = c.unconfirmed;
    ledger.stored(*records);
    head = file->head();
    oldest = file->oldest();
    if (!records->empty())
        for (auto const& handler : on_commit)
            handler(records);
    if (feeder && !records->empty() && feeder->fed() == records->front().pos) {
        feeder->feed(*records, file->head(), now, false);
        stage_due = now.mono + stage_tick;
        output_due_by(now.mono + o.commit);
    }
    if (segments_seen != file->segments_started() || now.mono >= trim_due) {
        segments_seen = file->segments_started();
        trim_due = now.mono + trim_period;
        trimming = true;
        file->hold_reserve();
    }
}

void journal::impl::failed(batch const& lost, commit_queue::work& w, boost::system::error_code ec, stamp now)
{
    ledger.unstored(lost);
    queue.give_back(std::move(w.cursors));
    if (feeder)
        output_due_by(now.mono + std::max(o.commit, retry_delay));
    if (!failing) {
        failing = true;
        tell(fmt::format("the journal {} cannot be written: {}; readings are not stored until it can", o.path,
                         ec.message()));
    }
    auto readings = std::make_shared<batch>();
    for (auto const& r : lost)
        if (r.kind() == stream::readings)
            readings->push_back(r);
    if (!readings->empty())
        for (auto const& handler : on_unstored)
            handler(readings);
}

/// One step; the next one waits until commits and reads that are due are served.
void journal::impl::trim()
{
    std::vector<dropped_range> ranges;
    auto const more = file->trim_step(lowest_unconfirmed(), clock.now(), ranges);
    trimming = more.has_value() && *more;
    announce(ranges);
}

bool journal::impl::make_room(stamp now)
{
    std::vector<dropped_range> ranges;
    auto const given = file->make_room(lowest_unconfirmed(), now, ranges);
    announce(ranges);
    return given;
}

void journal::impl::announce(std::vector<dropped_range> const& ranges)
{
    oldest = file->oldest();
    ledger.dropped(ranges);
    if (!ranges.empty())
        for (auto const& handler : on_dropped)
            handler(ranges);
}

position journal::impl::lowest_unconfirmed() const
{
    auto lowest = no_position;
    for (auto const& [sink, p] : unconfirmed)
        lowest = std::min(lowest, p);
    return lowest;
}

void journal::impl::serve(read_request const& r)
{
    auto next = r.range.first;
    std::vector<position_range> damaged;
    auto records = file->read(r.range, r.max, next, damaged);
    for (auto const& d : damaged)
        tell(fmt::format("records {} to {} of the journal {} are damaged and were passed over", d.first, d.last - 1,
                         o.path));
    if (records.has_error() && !read_failing)
        tell(fmt::format("the journal {} cannot be read: {}", o.path, records.error().message()));
    read_failing = records.has_error();
    r.done(std::make_shared<batch>(records.has_value() ? std::move(*records) : batch{}), next);
}

void journal::impl::drive_stage()
{
    auto const now = clock.now();
    if (feeder->lags(file->head())) {
        if (!feeder->has_output())
            catch_up();
        return;
    }
    if (now.mono < stage_due || (failing && feeder->has_output()))
        return;
    feeder->feed({}, feeder->fed(), now, false);
    stage_due = now.mono + stage_tick;
    output_due_by(now.mono + o.commit);
}

/// Shows the stage the next stored records; its answer is written before it sees more.
void journal::impl::catch_up()
{
    auto const now = clock.now();
    auto next = feeder->fed();
    std::vector<position_range> damaged;
    auto const records = file->read({next, file->head()}, catch_up_max, next, damaged);
    if (records.has_error()) {
        stage_due = now.mono + retry_delay;
        return;
    }
    feeder->feed(*records, next, records->empty() ? now : records->back().data.time, true);
    stage_due = feeder->lags(file->head()) ? now.mono : now.mono + stage_tick;
    output_due_by(now.mono);
}

void journal::impl::tell(std::string const& sentence) const
{
    for (auto const& handler : on_failure)
        handler(sentence);
}

journal::journal(std::unique_ptr<impl> i) : impl_{std::move(i)} {}

journal::~journal()
{
    stop();
}

result<std::unique_ptr<journal>> journal::open(options o, plant_clock clock, std::string& why)
{
    auto file = store::open(o, clock.now(), why);
    if (file.has_error())
        return file.error();
    return std::unique_ptr<journal>{new journal{std::make_unique<impl>(std::move(o), clock, std::move(*file))}};
}

void journal::set_stage(std::shared_ptr<stage> s)
{
    impl_->consumer = std::move(s);
}

void journal::on_commit(std::function<void(batch_ptr)> handler)
{
    impl_->on_commit.push_back(std::move(handler));
}

void journal::on_failure(std::function<void(std::string)> handler)
{
    impl_->on_failure.push_back(std::move(handler));
}

void journal::on_dropped(std::function<void(std::vector<dropped_range>)> handler)
{
    impl_->on_dropped.push_back(std::move(handler));
}

void journal::on_unstored(std::function<void(batch_ptr)> handler)
{
    impl_->on_unstored.push_back(std::move(handler));
}

void journal::start()
{
    if (impl_->started || impl_->stopped)
        return;
    impl_->started = true;
    if (impl_->consumer) {
        auto const saved = impl_->file->snapshot().value_or(saved_snapshot{});
        impl_->feeder.emplace(impl_->consumer, saved.body, saved.covers, impl_->file->oldest());
    }
    impl_->thread = std::thread{[i = impl_.get()] { i->run(); }};
}

void journal::stop()
{
    if (impl_->stopped)
        return;
    impl_->stopped = true;
    impl_->queue.close();
    if (impl_->started)
        impl_->thread.join();
    else
        impl_->run();
}

bool journal::append(row&& r)
{
    if (!r.layout)
        return false;
    auto const reading = r.layout->kind == stream::readings;
    auto const meaning = r.layout;
    if (reading)
        impl_->ledger.read(meaning->device);
    auto const accepted = fits(r) && impl_->queue.push(std::move(r));
    if (reading && !accepted)
        impl_->ledger.refused(meaning->device);
    return accepted;
}

void journal::save_cursor(std::string sink, std::string bytes, position unconfirmed)
{
    impl_->queue.put(std::move(sink), {std::move(bytes), unconfirmed});
}

std::string journal::load_cursor(std::string const& sink) const
{
    auto const saved = impl_->saved_cursors.find(sink);
    auto const c = saved == impl_->saved_cursors.end() ? saved_cursor{} : saved->second;
    impl_->unconfirmed[sink] = c.unconfirmed;
    return c.body;
}

void journal::save_memory(std::string const& device, std::string text)
{
    impl_->queue.put(memory_prefix + device, {std::move(text), no_position}); // it holds no record back
}

std::string journal::load_memory(std::string const& device) const
{
    auto const saved = impl_->saved_cursors.find(memory_prefix + device);
    return saved == impl_->saved_cursors.end() ? std::string{} : saved->second.body;
}

void journal::read(position_range range, std::size_t max, std::function<void(batch_ptr records, position next)> done)
{
    (void)impl_->queue.ask({range, max, std::move(done)});
}

bool journal::writes() const
{
    return !impl_->failing;
}

std::uint64_t journal::turns() const
{
    return impl_->turns;
}

std::string const& journal::epoch() const
{
    return impl_->epoch;
}

std::uint32_t journal::boot() const
{
    return impl_->file->boot();
}

position journal::head() const
{
    return impl_->head;
}

position journal::oldest() const
{
    return impl_->oldest;
}

std::map<std::string, ledger_entry> journal::ledger() const
{
    return impl_->ledger.entries();
}

} // namespace kilnwatt::journal
