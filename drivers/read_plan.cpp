#include "drivers/read_plan.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace kilnwatt::drivers {
namespace {

bool is_bit_table(modbus::table t) noexcept
{
    return t == modbus::table::coils || t == modbus::table::discrete_inputs;
}

std::uint32_t end_of(read_range const& r) noexcept
{
    return static_cast<std::uint32_t>(r.address) + r.count;
}

/// Points that are read together or not at all.
struct segment {
    read_range range;
    std::vector<std::size_t> points;
};

class planner {
public:
    planner(std::span<point const> points, request_limits limits, std::span<read_range const> holes)
        : points_{points}, limits_{limits}, holes_{holes}
    {}

    read_plan plan()
    {
        read_plan result;
        std::vector<std::size_t> readable;
        for (std::size_t i = 0; i < points_.size(); ++i)
            (allows(range_of(points_[i])) ? readable : result.unreadable).push_back(i);
        auto segments = segments_of(readable);
        std::stable_sort(segments.begin(), segments.end(), [](segment const& a, segment const& b) {
            return std::pair{a.range.from, a.range.address} < std::pair{b.range.from, b.range.address};
        });
        for (auto& s : segments) {
            auto const fits = !result.requests.empty() && joins(result.requests.back().range, s.range);
            if (!fits) {
                result.requests.push_back({s.range, std::move(s.points)});
                continue;
            }
            auto& last = result.requests.back();
            last.range = united(last.range, s.range);
            last.points.insert(last.points.end(), s.points.begin(), s.points.end());
        }
        for (auto& r : result.requests)
            std::sort(r.points.begin(), r.points.end());
        return result;
    }

private:
    std::uint32_t count_max(modbus::table t) const
    {
        if (is_bit_table(t))
            return std::min<std::uint32_t>(limits_.registers_per_request * 16u, modbus::bits_max);
        return std::min(limits_.registers_per_request, modbus::registers_max);
    }

    /// Whether one request may have this range.
    bool allows(read_range const& r) const
    {
        return r.count <= count_max(r.from) &&
               std::none_of(holes_.begin(), holes_.end(), [&](read_range const& hole) { return crosses(r, hole); });
    }

    static read_range united(read_range const& a, read_range const& b)
    {
        auto const first = std::min(a.address, b.address);
        auto const end = std::max(end_of(a), end_of(b));
        return {a.from, first, static_cast<std::uint16_t>(std::min<std::uint32_t>(end - first, 0xFFFF))};
    }

    /// `next` starts at or behind the start of `last`.
    bool joins(read_range const& last, read_range const& next) const
    {
        std::uint32_t const gap_max = is_bit_table(last.from) ? limits_.gap * 16u : limits_.gap;
        return last.from == next.from && next.address <= end_of(last) + gap_max && allows(united(last, next));
    }

    /// Every exponent with all its values as one segment where one request can bring it, else each point by itself.
    std::vector<segment> segments_of(std::vector<std::size_t> const& readable) const
    {
        std::map<std::pair<modbus::table, std::string_view>, std::vector<std::size_t>> families;
        std::vector<std::size_t> single;
        for (auto const i : readable)
            if (!points_[i].exponent.empty())
                families[{points_[i].table, points_[i].exponent}].push_back(i);
        for (auto const i : readable) {
            if (!points_[i].exponent.empty())
                continue;
            auto const family = families.find({points_[i].table, points_[i].name});
            if (family != families.end())
                family->second.push_back(i);
            else
                single.push_back(i);
        }
        std::vector<segment> segments;
        for (auto const& [exponent, members] : families) {
            segment all{range_of(points_[members.front()]), members};
            for (auto const i : members)
                all.range = united(all.range, range_of(points_[i]));
            if (allows(all.range))
                segments.push_back(std::move(all));
            else
                single.insert(single.end(), members.begin(), members.end());
        }
        std::sort(single.begin(), single.end());
        for (auto const i : single)
            segments.push_back({range_of(points_[i]), {i}});
        return segments;
    }

    std::span<point const> points_;
    request_limits limits_;
    std::span<read_range const> holes_;
};

} // namespace

read_range range_of(point const& p)
{
    return {p.table, p.address, p.registers};
}

bool crosses(read_range const& r, read_range const& hole) noexcept
{
    if (r.from != hole.from)
        return false;
    if (hole.count == 0)
        return r.address < hole.address && hole.address < end_of(r);
    return r.address < end_of(hole) && hole.address < end_of(r);
}

read_plan make_read_plan(std::span<point const> points, request_limits limits, std::span<read_range const> holes)
{
    return planner{points, limits, holes}.plan();
}

} // namespace kilnwatt::drivers
