#include "agent/pipeline/hindsight.hpp"

#include "core/aggregate_columns.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>

namespace kilnwatt::pipeline {
namespace {

using window_key = std::tuple<std::string, stream, energy::instant>;

constexpr std::size_t start_column = 0;
constexpr std::size_t end_column = 1;
constexpr std::size_t revision_column = 2;

energy::instant ms_of(stamp const& t)
{
    return t.utc.time_since_epoch().count();
}

energy::instant time_at(row const& r, std::size_t column)
{
    return static_cast<energy::instant>(r.cells.at(column).bits);
}

window_key key_of(row const& r)
{
    return {r.layout->device, r.layout->kind, time_at(r, start_column)};
}

bool says_the_same(row const& a, row const& b)
{
    return a.cells == b.cells && a.layout->columns == b.layout->columns;
}

void save(energy::byte_writer& w, std::vector<energy::late_reading> const& all)
{
    w.number(all.size());
    for (auto const& l : all)
        energy::save(w, l);
}

void load(energy::byte_reader& r, std::vector<energy::late_reading>& all)
{
    all.clear();
    for (auto n = r.count(); n > 0 && r.ok(); --n)
        energy::load(r, all.emplace_back());
}

} // namespace

hindsight::checkpoint const* hindsight::best_for(energy::instant since, position before) const
{
    auto const fits = [&](checkpoint const& c) { return c.closed >= 0 && c.closed <= since && c.next <= before; };
    if (latest_ && fits(*latest_))
        return &*latest_;
    auto const c = std::find_if(checkpoints_.rbegin(), checkpoints_.rend(), fits);
    return c == checkpoints_.rend() ? nullptr : &*c;
}

void hindsight::use(std::vector<energy::target_model> const& targets)
{
    model_.targets = targets;
    if (!work_)
        return;
    work_->before.use(targets);
    work_->after.use(targets);
}

/// A stage that noticed an exchange may not have closed the window of it yet, so its time does not tell.
hindsight::checkpoint const* hindsight::best_for(energy::late_reading const& l) const
{
    if (!l.gain.exchanged)
        return best_for(l.gain.since);
    energy::meter_change const change{l.device, l.point, l.gain.from};
    auto const m =
        std::find_if(changes_.begin(), changes_.end(), [&](change_mark const& c) { return c.what == change; });
    return m == changes_.end() ? nullptr : best_for(l.gain.since, m->before);
}

void hindsight::mark_changes(energy::energy_stage const& live)
{
    std::vector<change_mark> marks;
    for (auto& change : live.changes()) {
        auto const known =
            std::find_if(changes_.begin(), changes_.end(), [&](change_mark const& c) { return c.what == change; });
        auto const before = known != changes_.end() ? known->before : latest_ ? latest_->next : 0;
        marks.push_back({std::move(change), before});
    }
    changes_ = std::move(marks);
}

void hindsight::watch(energy::energy_stage& live)
{
    mark_changes(live);
    auto late = live.take_late();
    std::move(late.begin(), late.end(), std::back_inserter(fresh_));
    std::erase_if(fresh_, [&](auto const& l) { return best_for(l) == nullptr; });

    std::set<position> wanted;
    auto const want = [&](checkpoint const* c) {
        if (c != nullptr)
            wanted.insert(c->next);
    };
    for (auto const t : live.gaps())
        want(best_for(t));
    for (auto const& l : fresh_)
        want(best_for(l));
    for (auto const& m : changes_)
        want(best_for(m.what.from, m.before));
    std::erase_if(checkpoints_, [&](checkpoint const& c) { return !wanted.contains(c.next); });
    if (latest_ && wanted.contains(latest_->next) && (checkpoints_.empty() || checkpoints_.back().next < latest_->next))
        checkpoints_.push_back(*latest_);
    if (checkpoints_.size() > checkpoints_max) // the oldest serves for all
        checkpoints_.erase(checkpoints_.begin() + 1);

    auto oldest = latest_ ? latest_->closed : energy::instant_max;
    if (!checkpoints_.empty())
        oldest = std::min(oldest, checkpoints_.front().closed);
    std::erase_if(known_, [&](auto const& l) { // an exchange may be noticed by a reading long after the window
        return l.gain.to + (l.gain.exchanged ? model_.gap_total_max_ms : 0) <= oldest;
    });
    revisions_.forget(live.closed() - model_.gap_total_max_ms - energy::hour);
}

void hindsight::remember(std::string snapshot, energy::instant closed, position next)
{
    latest_ = checkpoint{next, closed, std::move(snapshot)};
}

std::optional<position> hindsight::begin(position until, stamp now)
{
    if (fresh_.empty() || work_ || ms_of(now) < not_before_)
        return std::nullopt;
    checkpoint const* from = nullptr;
    for (auto const& l : fresh_)
        if (auto const* c = best_for(l); c != nullptr && (from == nullptr || c->next < from->next))
            from = c;
    auto w = std::make_unique<replay>(model_);
    auto const started = from != nullptr && w->before.restore(from->snapshot) && w->after.restore(from->snapshot);
    w->published = known_.size();
    w->before.foresee(known_);
    std::move(fresh_.begin(), fresh_.end(), std::back_inserter(known_));
    fresh_.clear();
    given_up_ = !started;
    if (!started)
        return std::nullopt;
    w->after.foresee(known_);
    w->next = from->next;
    w->until = until;
    w->now = now;
    work_ = std::move(w);
    return work_->next;
}

void hindsight::fold(record const& r)
{
    if (!work_ || resting_ || r.pos >= work_->until)
        return;
    if (r.pos != work_->next) {
        work_.reset();
        given_up_ = true;
        return;
    }
    for (auto& c : checkpoints_)
        if (c.next == r.pos && work_->after.closed() <= c.closed) { // with what is known by now
            c.snapshot = work_->after.snapshot();
            c.closed = work_->after.closed();
        }
    auto const is_reading = r.kind() == stream::readings && r.trusted; // else it was left out
    if (is_reading && !catch_up(r.data.time))
        return;
    work_->next = r.pos + 1;
    if (!is_reading && r.kind() != stream::entry)
        return;
    work_->before.fold(r.data, r.boot);
    work_->after.fold(r.data, r.boot);
    (void)compare(r.data.time);
}

std::vector<row> hindsight::revised()
{
    resting_ = false;
    return std::exchange(rows_, {});
}

/// After an outage of the whole plant the next record is hours later, and what lies between is more than a stage keeps
/// and more than a commit may write. False: there are rows enough for now.
bool hindsight::catch_up(stamp now)
{
    auto const end = ms_of(now);
    while (work_->after.closed() >= 0 && work_->after.closed() + energy::hour < end) {
        milliseconds const left{end - work_->after.closed() - energy::hour};
        if (!compare({now.mono - left, now.utc - left}))
            break; // nothing to say until then
        resting_ = rows_.size() > rows_max;
        if (resting_)
            return false;
    }
    return true;
}

/// False when neither stage had anything to say.
bool hindsight::compare(stamp now)
{
    auto const published = work_->before.advance(now);
    auto rows = work_->after.advance(now);
    std::map<window_key, row const*> known;
    for (auto const& r : published)
        if (r.layout->kind != stream::event)
            known.emplace(key_of(r), &r);
    for (auto& r : rows) {
        if (r.layout->kind == stream::event) // told already
            continue;
        auto const old = known.find(key_of(r));
        if (old != known.end() && says_the_same(*old->second, r))
            continue;
        energy::time_span const when{time_at(r, start_column), time_at(r, end_column)};
        if (old != known.end())
            r.cells.at(revision_column) = cell_of(revisions_.next(r.layout->device, r.layout->kind, when));
        rows_.push_back(std::move(r));
    }
    return !rows.empty() || !published.empty();
}

std::string hindsight::finish()
{
    (void)compare(work_->now);
    (void)work_->after.take_late(); // those of gaps that are known
    auto bytes = work_->after.snapshot();
    remember(bytes, work_->after.closed(), work_->until);
    not_before_ = ms_of(work_->now) + apart;
    work_.reset();
    return bytes;
}

void hindsight::save(energy::byte_writer& w) const
{
    w.number(checkpoints_.size());
    for (auto const& c : checkpoints_) {
        w.number(c.next);
        w.signed_number(c.closed);
        w.text(c.snapshot);
    }
    w.number(changes_.size());
    for (auto const& m : changes_) {
        w.text(m.what.device);
        w.text(m.what.point);
        w.signed_number(m.what.from);
        w.number(m.before);
    }
    pipeline::save(w, known_);
    pipeline::save(w, fresh_);
    revisions_.save(w);
    w.signed_number(not_before_);
    w.number(work_ ? 1 : 0);
    if (!work_)
        return;
    w.text(work_->before.snapshot());
    w.text(work_->after.snapshot());
    w.number(work_->published);
    w.number(work_->next);
    w.number(work_->until);
    w.signed_number(work_->now.mono.time_since_epoch().count());
    w.signed_number(work_->now.utc.time_since_epoch().count());
}

void hindsight::load(energy::byte_reader& r)
{
    checkpoints_.clear();
    for (auto n = r.count(); n > 0 && r.ok(); --n) {
        if (checkpoints_.size() >= checkpoints_max)
            return r.fail();
        auto& c = checkpoints_.emplace_back();
        c.next = r.number();
        c.closed = r.signed_number();
        c.snapshot = r.text();
    }
    changes_.clear();
    for (auto n = r.count(); n > 0 && r.ok(); --n) {
        auto& m = changes_.emplace_back();
        m.what.device = r.text();
        m.what.point = r.text();
        m.what.from = r.signed_number();
        m.before = r.number();
    }
    pipeline::load(r, known_);
    pipeline::load(r, fresh_);
    revisions_.load(r);
    not_before_ = r.signed_number();
    work_.reset();
    if (r.number() == 0 || !r.ok())
        return;
    auto w = std::make_unique<replay>(model_);
    if (!w->before.restore(r.text()) || !w->after.restore(r.text()))
        return r.fail();
    w->published = r.number();
    w->next = r.number();
    w->until = r.number();
    w->now.mono = mono_time{milliseconds{r.signed_number()}};
    w->now.utc = utc_time{milliseconds{r.signed_number()}};
    if (w->published > known_.size())
        return r.fail();
    w->before.foresee({known_.begin(), known_.begin() + static_cast<std::ptrdiff_t>(w->published)});
    w->after.foresee(known_);
    work_ = std::move(w);
}

} // namespace kilnwatt::pipeline
