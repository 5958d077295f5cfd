#include "drivers/device.hpp"

#include "drivers/decode.hpp"
#include "drivers/error.hpp"
#include "drivers/read_outcome.hpp"
#include "drivers/read_pass.hpp"
#include "drivers/row_cells.hpp"
#include "drivers/sunspec_chain.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace kilnwatt::drivers {
namespace {

/// Many devices keep silent, or hang up, where they have no registers. Where a chain is known a silence is a silence.
bool is_no_other_chain(sunspec::chain_walk const& walk, std::vector<sunspec::block> const& known, read_range asked,
                       boost::system::error_code const& ec)
{
    auto const was_there = std::any_of(known.begin(), known.end(), [&](sunspec::block const& b) {
        return b.address == asked.address + sunspec::marker.size();
    });
    return walk.looks_further() && !was_there && ec != modbus::errc::cancelled;
}

} // namespace

device::device(std::string name, std::uint8_t unit, profile p)
    : name_{std::move(name)}, unit_{unit}, profile_{std::move(p)}
{
    rebuild_groups();
}

void device::remember(std::string_view text)
{
    auto known = memory_from(text, profile_);
    if (!known)
        return;
    memory_ = *std::move(known);
    if (profile_.sunspec)
        profile_.points = points_in(memory_.chain);
    rebuild_groups();
}

std::vector<poll_class> device::classes() const
{
    std::vector<poll_class> found;
    for (std::size_t c = 0; c < groups_.size(); ++c)
        if (groups_[c].layout())
            found.push_back(static_cast<poll_class>(c));
    return found;
}

layout_ptr device::layout_of(poll_class c) const
{
    return groups_[static_cast<std::size_t>(c)].layout();
}

read_plan const& device::plan_of(poll_class c) const
{
    return plans_[static_cast<std::size_t>(c)];
}

void device::rebuild_groups()
{
    std::set<std::string_view> exponents;
    companions_.clear();
    for (auto const& p : profile_.points) {
        exponents.insert(p.exponent);
        if (p.stuck)
            companions_[p.stuck->companion];
    }
    for (std::size_t c = 0; c < groups_.size(); ++c) {
        std::set<std::string_view> wanted;
        for (auto const& p : profile_.points)
            if (!exponents.contains(p.name) && p.poll == static_cast<poll_class>(c)) {
                wanted.insert(p.name);
                wanted.insert(p.exponent);
            }
        std::vector<point> points;
        for (auto const& p : profile_.points)
            if (wanted.contains(p.name))
                points.push_back(p);
        auto layout = point_group::make_layout(name_, profile_, points);
        auto const& known = groups_[c].layout();
        if (known && layout && *known == *layout)
            layout = known;
        groups_[c] = {std::move(points), std::move(layout), companions_};
    }
    rebuild_plans();
}

void device::rebuild_plans()
{
    std::size_t longest = 1;
    for (std::size_t c = 0; c < groups_.size(); ++c) {
        plans_[c] = make_read_plan(groups_[c].points(), profile_.limits, memory_.holes);
        for (auto const& r : plans_[c].requests)
            longest = std::max<std::size_t>(longest, r.range.count);
    }
    words_.resize(std::max(longest, words_.size()));
}

asio::awaitable<result<void>> device::ask(modbus::link& via, read_range range)
{
    modbus::read_job job{{unit_, range.from, range.address, range.count}, {words_.data(), range.count}};
    std::span<modbus::read_job> const alone{&job, 1};
    co_await via.read_together(alone);
    if (job.error)
        co_await retry(via, job);
    if (job.error)
        co_return job.error;
    co_return result<void>{};
}

/// Of what the batch holds; a job each tells the end.
std::span<modbus::read_job> device::make_jobs()
{
    std::size_t size = 0;
    for (auto const* r : batch_)
        size += r->range.count;
    words_.resize(std::max(size, words_.size()));
    jobs_.clear();
    std::span<std::uint16_t> room{words_};
    for (auto const* r : batch_) {
        auto const& range = r->range;
        jobs_.push_back({{unit_, range.from, range.address, range.count}, room.first(range.count)});
        room = room.subspan(range.count);
    }
    return jobs_;
}

/// Up to the first that says that asking further would only wait.
asio::awaitable<void> device::retry_failed(modbus::link& via)
{
    for (auto& job : jobs_) {
        if (job.error)
            co_await retry(via, job);
        if (job.error && verdict_of(job.error).stop)
            break;
    }
}

/// While no answer came, or a broken one, and the profile allows it.
asio::awaitable<void> device::retry(modbus::link& via, modbus::read_job& job)
{
    std::span<modbus::read_job> const alone{&job, 1};
    for (int again = profile_.limits.retries; again > 0; --again) {
        if (job.error != modbus::errc::timeout && job.error != modbus::errc::malformed_reply)
            break;
        co_await via.read_together(alone);
    }
}

asio::awaitable<result<void>> device::discover(modbus::link& via)
{
    if (!profile_.sunspec)
        co_return result<void>{};
    sunspec::chain_walk walk;
    words_.resize(std::max<std::size_t>(words_.size(), 2));
    while (auto const range = walk.next()) {
        auto const reply = co_await ask(via, *range);
        if (reply.has_value())
            walk.answer({words_.data(), range->count});
        else if (modbus::is_refused_address(reply.error()) ||
                 is_no_other_chain(walk, memory_.chain, *range, reply.error()))
            walk.refuse();
        else
            co_return reply.error();
    }
    if (walk.result() == sunspec::chain_walk::outcome::no_marker)
        co_return make_error_code(errc::no_sunspec_marker);
    if (walk.result() == sunspec::chain_walk::outcome::broken)
        co_return make_error_code(errc::broken_sunspec_chain);
    if (points_in(walk.chain()).empty())
        co_return make_error_code(errc::no_known_model);
    take_chain(walk.chain());
    confirmed_ = true;
    co_return result<void>{};
}

/// With what the site says of this device.
std::vector<point> device::points_in(std::vector<sunspec::block> const& chain) const
{
    return changed(sunspec::points_of(chain, profile_.changes.part), profile_.changes);
}

/// Another chain is another device, or one that was rebuilt: it gets new points, and nothing else is known of it.
void device::take_chain(std::vector<sunspec::block> chain)
{
    if (chain == memory_.chain && !profile_.points.empty())
        return;
    profile_.points = points_in(chain);
    memory_ = {.chain = std::move(chain)};
    has_learned_ = true;
    rebuild_groups();
}

/// Another serial number or firmware: what it did not have may be there now.
void device::note_identity(row const& r, std::span<std::size_t const> columns)
{
    for (auto const i : columns) {
        auto const& c = r.layout->columns[i];
        if (!r.cells[i].present)
            continue;
        auto const bits = r.cells[i].bits;
        auto const now = c.kind == value_kind::text ? r.texts[bits] : std::to_string(bits);
        auto& known = memory_.identity[c.name];
        if (known == now)
            continue;
        if (!known.empty()) {
            memory_.holes.clear();
            confirmed_ = false;
            rebuild_plans();
        }
        known = now;
        has_learned_ = true;
    }
}

asio::awaitable<result<row>> device::read(modbus::link& via, poll_class c, plant_clock const& clock)
{
    auto& group = groups_[static_cast<std::size_t>(c)];
    auto const& plan = plans_[static_cast<std::size_t>(c)];
    if (!group.layout())
        co_return make_error_code(errc::no_points);
    auto r = group.blank();
    r.time = clock.now();
    read_pass pass{group.points(), profile_.limits, plan, memory_.holes};
    read_outcome o;
    while (!o.rest) {
        take_batch(pass, via.in_flight_max());
        if (batch_.empty())
            break;
        auto const jobs = make_jobs();
        co_await via.read_together(jobs);
        if (std::any_of(jobs.begin(), jobs.end(), [](modbus::read_job const& j) { return j.error.failed(); }))
            co_await retry_failed(via);
        auto const now = clock.now();
        for (std::size_t i = 0; i < batch_.size(); ++i) {
            if (jobs_[i].error == modbus::errc::cancelled)
                co_return jobs_[i].error;
            if (o.take(jobs_[i].error, *batch_[i], pass))
                r.time = now;
            if (jobs_[i].error)
                mark(r, batch_[i]->points, verdict_of(jobs_[i].error).q);
            else
                decode_into(r, group.points(), group.numbers(), *batch_[i], jobs_[i].words);
        }
    }
    if (pass.has_learned()) {
        has_learned_ = true;
        rebuild_plans();
    }
    mark(r, plan.unreadable, quality::not_supported);
    if (!o.answered && o.first_error)
        co_return o.first_error;
    for (auto& cell : r.cells)
        if (cell.q == quality::not_read)
            cell.q = o.rest.value_or(quality::not_read);
    group.judge(r, companions_, stuck_changes_);
    note_identity(r, group.identity());
    co_return r;
}

void device::take_batch(read_pass& pass, std::size_t at_most)
{
    batch_.clear();
    while (batch_.size() < at_most) {
        auto const* next = pass.next(!batch_.empty());
        if (next == nullptr)
            break;
        batch_.push_back(next);
    }
}

asio::awaitable<result<void>> device::probe(modbus::link& via)
{
    read_range range{modbus::table::holding_registers, sunspec::bases.front(), 2};
    auto const first =
        std::find_if(groups_.begin(), groups_.end(), [](point_group const& g) { return !g.points().empty(); });
    if (first != groups_.end()) {
        auto const& requests = plans_[static_cast<std::size_t>(first - groups_.begin())].requests;
        range = range_of(first->points()[requests.empty() ? 0 : requests.front().points.front()]);
    }
    words_.resize(std::max<std::size_t>(words_.size(), range.count));
    auto const reply = co_await ask(via, range);
    if (reply.has_value() || verdict_of(reply.error()).answered)
        co_return result<void>{};
    co_return reply.error();
}

} // namespace kilnwatt::drivers
