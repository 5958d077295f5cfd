#include "agent/settings/name_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kilnwatt::settings {
namespace {

bool is_small(char c)
{
    return c >= 'a' && c <= 'z';
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

std::string example(std::string_view name)
{
    auto const like = name_like(name);
    auto const fits = name.size() <= name_max && !name.empty() && !is_digit(name.front()) && !like.empty();
    return fits ? fmt::format("for example '{}'", like) : std::string{};
}

} // namespace

std::string name_fault(std::string_view name)
{
    auto const allowed = [](char c) { return is_small(c) || is_digit(c) || c == '-'; };
    if (name.size() > name_max)
        return fmt::format("is longer than {} characters", name_max);
    if (name.empty() || !is_small(name.front()) || !std::all_of(name.begin(), name.end(), allowed))
        return fmt::format("is '{}', but must begin with a small letter and hold small letters, digits and '-' only",
                           name);
    return {};
}

std::string name_like(std::string_view text)
{
    std::string name;
    for (auto c : text.substr(0, name_max)) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
        if (is_small(c) || (is_digit(c) && !name.empty()))
            name += c;
        else if (!name.empty() && name.back() != '-')
            name += '-';
    }
    while (!name.empty() && name.back() == '-')
        name.pop_back();
    return name;
}

void refuse_reserved(config::table& t, std::string_view name)
{
    constexpr std::array<std::string_view, 6> reserved{"site", "status", "info", "health", "event", "kpi"};
    if (std::find(reserved.begin(), reserved.end(), name) != reserved.end())
        t.complain("name", fmt::format("'{}' is a topic of the gateway itself", name),
                   fmt::format("for example '{}-meter'", name));
}

std::string level_fault(std::string_view level)
{
    auto const allowed = [](char c) { return is_small(c) || is_digit(c) || c == '-' || c == '_'; };
    if (level.size() > name_max)
        return fmt::format("is longer than {} characters", name_max);
    if (level.empty() || !std::all_of(level.begin(), level.end(), allowed))
        return fmt::format("is '{}', but must hold small letters, digits, '-' and '_' only", level);
    return {};
}

std::string topic_root_fault(std::string_view root)
{
    if (root.size() > topic_root_max)
        return fmt::format("is longer than {} characters", topic_root_max);
    if (root.find_first_of("+#") != std::string_view::npos)
        return fmt::format("is '{}', but a topic to publish to has no wildcards", root);
    if (root.starts_with('/') || root.ends_with('/') || root.find("//") != std::string_view::npos || root.empty())
        return fmt::format("is '{}', but must be levels with a '/' between them, none of them empty", root);
    for (std::size_t begin = 0; begin <= root.size();) {
        auto const end = std::min(root.find('/', begin), root.size());
        if (!level_fault(root.substr(begin, end - begin)).empty())
            return fmt::format("is '{}', but a level holds small letters, digits, '-' and '_' only", root);
        begin = end + 1;
    }
    return {};
}

std::string name_register::take(config::table& t)
{
    if (!t.require("name", fmt::format("give each {} a name", kind_)))
        return {};
    auto const name = t.text("name");
    if (!name)
        return {};
    if (auto fault = name_fault(*name); !fault.empty())
        t.complain("name", std::move(fault), example(*name));
    auto folded = *name;
    std::replace(folded.begin(), folded.end(), '-', '_');
    auto const [hit, is_new] = taken_.emplace(std::move(folded), t.where("name"));
    if (!is_new)
        t.complain("name", fmt::format("is '{}', but the {} at {} is called so already", *name, kind_,
                                       config::to_string(hit->second)));
    return *name;
}

} // namespace kilnwatt::settings
