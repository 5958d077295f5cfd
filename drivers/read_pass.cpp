#include "drivers/read_pass.hpp"

#include <algorithm>
#include <utility>

namespace kilnwatt::drivers {
namespace {

std::uint32_t end_of(read_range const& r) noexcept
{
    return static_cast<std::uint32_t>(r.address) + r.count;
}

/// The smallest request that brings these points, which are sorted by address and not empty.
planned_request request_of(std::span<point const> points, std::span<std::size_t const> sorted)
{
    planned_request r{range_of(points[sorted.front()]), {sorted.begin(), sorted.end()}};
    for (auto const i : sorted) {
        auto const end = std::max(end_of(r.range), end_of(range_of(points[i])));
        r.range.count = static_cast<std::uint16_t>(end - r.range.address);
    }
    return r;
}

struct halves {
    planned_request left;
    planned_request right;
    std::optional<read_range> between; ///< the gap or, with count 0, the line between them; nothing when they overlap
};

/// Splits at the widest gap, or in the middle when there is none. At least two points.
halves split(std::span<point const> points, planned_request const& r)
{
    auto sorted = r.points;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [&](std::size_t a, std::size_t b) { return points[a].address < points[b].address; });
    auto cut = sorted.size() / 2;
    std::uint32_t widest = 0;
    std::uint32_t end = 0;
    for (std::size_t i = 0; i + 1 < sorted.size(); ++i) {
        end = std::max(end, end_of(range_of(points[sorted[i]])));
        std::uint32_t const start = points[sorted[i + 1]].address;
        if (start > end && start - end > widest) {
            widest = start - end;
            cut = i + 1;
        }
    }
    std::span<std::size_t const> const all{sorted};
    halves h{request_of(points, all.first(cut)), request_of(points, all.subspan(cut)), {}};
    auto const left_end = end_of(h.left.range);
    if (h.right.range.address >= left_end)
        h.between = read_range{r.range.from, static_cast<std::uint16_t>(left_end),
                               static_cast<std::uint16_t>(h.right.range.address - left_end)};
    return h;
}

} // namespace

read_pass::read_pass(std::span<point const> points, request_limits limits, read_plan const& plan,
                     std::vector<read_range>& holes)
    : points_{points}, limits_{limits}, holes_{holes}, planned_{plan.requests}
{}

planned_request const* read_pass::next(bool others_are_open)
{
    if (extra_.empty() && planned_.empty() && !is_settled_ && !others_are_open)
        settle();
    if (!extra_.empty()) {
        auto const* r = extra_.back();
        extra_.pop_back();
        return r;
    }
    if (planned_.empty())
        return nullptr;
    auto const* r = &planned_.front();
    planned_ = planned_.subspan(1);
    return r;
}

void read_pass::answered(planned_request const& r)
{
    proven_.push_back(r.range);
}

void read_pass::refused(planned_request const& r)
{
    is_settled_ = false;
    auto const one_range =
        std::all_of(r.points.begin(), r.points.end(), [&](std::size_t i) { return range_of(points_[i]) == r.range; });
    if (one_range)
        return remember(r.range);
    auto h = split(points_, r);
    refusals_.push_back({r.range, h.between});
    if (extra_left_ < 2)
        return;
    extra_left_ -= 2;
    ask_also(std::move(h.right));
    ask_also(std::move(h.left));
}

void read_pass::refused_function(planned_request const& r)
{
    is_settled_ = false;
    remember(r.range);
}

void read_pass::failed(planned_request const&) {}

void read_pass::ask_also(planned_request r)
{
    extra_.push_back(&own_.emplace_back(std::move(r)));
}

void read_pass::remember(read_range const& hole)
{
    has_learned_ = true;
    holes_.push_back(hole);
}

/// Explains the refusals that no smaller one explains, innermost first, and asks for what the new plan has untried.
void read_pass::settle()
{
    is_settled_ = true;
    auto const both_halves_answered = [&](refusal const& r) {
        return r.between &&
               is_proven(
                   {r.range.from, r.range.address, static_cast<std::uint16_t>(r.between->address - r.range.address)}) &&
               is_proven({r.range.from, static_cast<std::uint16_t>(end_of(*r.between)),
                          static_cast<std::uint16_t>(end_of(r.range) - end_of(*r.between))});
    };
    for (auto r = refusals_.rbegin(); r != refusals_.rend(); ++r)
        if (both_halves_answered(*r))
            remember(*r->between);
    refusals_.clear();
    if (!has_learned_)
        return;
    auto const plan = make_read_plan(points_, limits_, holes_);
    for (auto r = plan.requests.rbegin(); r != plan.requests.rend() && extra_left_ > 0; ++r) {
        if (is_proven(r->range))
            continue;
        --extra_left_;
        ask_also(*r);
    }
}

bool read_pass::is_proven(read_range const& r) const
{
    return std::any_of(proven_.begin(), proven_.end(), [&](read_range const& p) {
        return p.from == r.from && p.address <= r.address && end_of(r) <= end_of(p);
    });
}

} // namespace kilnwatt::drivers
