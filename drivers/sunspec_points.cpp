#include "core/point_names.hpp"
#include "drivers/sunspec_chain.hpp"
#include "drivers/sunspec_models.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string>

namespace kilnwatt::drivers::sunspec {
namespace {

constexpr std::string_view group_name = "mppt1";

/// "mppt1_voltage" of group 3 is "mppt3_voltage".
std::string numbered(std::string name, int group)
{
    if (auto const at = name.find(group_name); at != std::string::npos)
        name.replace(at, group_name.size(), fmt::format("mppt{}", group));
    return name;
}

std::string lower_case(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

/// The points of one block at their addresses, groups numbered, those beyond the block's length left out.
std::vector<point> placed(model const& m, block const& b)
{
    std::vector<point> points;
    auto const end = b.length + 2;
    auto const add = [&](point p, int offset, int group) {
        if (offset + p.registers > end || (offset >= m.exact_from && b.length != m.length))
            return;
        p.name = numbered(std::move(p.name), group);
        p.address = static_cast<std::uint16_t>(b.address + offset);
        points.push_back(std::move(p));
    };
    for (auto const& p : m.points)
        if (!m.is_of_group(p))
            add(p, p.address, 1);
    for (int g = 0; g < b.groups; ++g)
        for (auto const& p : m.points)
            if (m.is_of_group(p))
                add(p, p.address + g * m.group_length, g + 1);
    return points;
}

class name_book {
public:
    bool is_free(std::string const& name) const { return !taken_.contains(name); }

    /// The wanted name, or vendor.m<model>_<point>, numbered when that is taken as well.
    std::string take(std::string const& wanted, std::uint16_t id, std::string const& ref)
    {
        auto name = wanted;
        for (int n = 1; !taken_.insert(name).second; ++n)
            name = fmt::format("vendor.m{}_{}{}", id, lower_case(ref), n == 1 ? "" : fmt::format("_{}", n));
        return name;
    }

private:
    std::set<std::string> taken_;
};

void add_block(block const& b, model const& m, bool is_superseded, name_book& names, std::vector<point>& out)
{
    auto points = placed(m, b);
    std::map<std::string, point const*> exponents;
    for (auto const& p : points)
        if (std::any_of(points.begin(), points.end(), [&](point const& q) { return q.exponent == p.name; }))
            exponents.emplace(p.name, &p);
    std::map<std::string, std::string> renamed;
    for (auto p : points) {
        if (exponents.contains(p.name) || (!p.exponent.empty() && !exponents.contains(p.exponent)))
            continue;
        if (is_superseded && (is_vendor_name(p.name) || !names.is_free(p.name)))
            continue;
        p.name = names.take(p.name, b.id, p.ref);
        if (!p.exponent.empty()) {
            auto const [known, is_new] = renamed.try_emplace(p.exponent);
            if (is_new) {
                auto scale_factor = *exponents.at(p.exponent);
                scale_factor.name = names.take(scale_factor.name, b.id, scale_factor.ref);
                known->second = scale_factor.name;
                out.push_back(std::move(scale_factor));
            }
            p.exponent = known->second;
        }
        out.push_back(std::move(p));
    }
}

std::vector<point> points_of_part(std::span<block const> chain)
{
    std::vector<point> points;
    name_book names;
    for (auto const& m : models()) {
        for (auto const& b : chain) {
            if (std::find(m.ids.begin(), m.ids.end(), b.id) == m.ids.end())
                continue;
            auto const is_superseded = std::any_of(chain.begin(), chain.end(), [&](block const& other) {
                auto const* better = model_of(other.id);
                return better != nullptr && std::find(better->supersedes.begin(), better->supersedes.end(), b.id) !=
                                                better->supersedes.end();
            });
            add_block(b, m, is_superseded, names, points);
        }
    }
    std::stable_sort(points.begin(), points.end(),
                     [](point const& a, point const& b) { return a.address < b.address; });
    return points;
}

/// "voltage_l1" of part 2 is "vendor.part2_voltage_l1".
std::string of_part(std::string_view name, std::size_t part)
{
    constexpr std::string_view prefix = "vendor.";
    if (name.empty())
        return {};
    return fmt::format("{}part{}_{}", prefix, part, name.starts_with(prefix) ? name.substr(prefix.size()) : name);
}

} // namespace

std::vector<std::span<block const>> parts_of(std::span<block const> chain)
{
    constexpr std::uint16_t common = 1;
    std::vector<std::span<block const>> parts;
    std::size_t begin = 0;
    for (std::size_t i = 1; i <= chain.size(); ++i)
        if (i == chain.size() || chain[i].id == common) {
            parts.push_back(chain.subspan(begin, i - begin));
            begin = i;
        }
    return parts;
}

std::vector<point> points_of(std::span<block const> chain, int part)
{
    auto const parts = parts_of(chain);
    if (part > 0)
        return static_cast<std::size_t>(part) <= parts.size()
                   ? points_of_part(parts[static_cast<std::size_t>(part) - 1])
                   : std::vector<point>{};
    std::vector<point> points;
    for (std::size_t n = 1; n <= parts.size(); ++n)
        for (auto& p : points_of_part(parts[n - 1])) {
            if (n > 1) {
                p.name = of_part(p.name, n);
                p.exponent = of_part(p.exponent, n);
            }
            points.push_back(std::move(p));
        }
    return points;
}

} // namespace kilnwatt::drivers::sunspec
