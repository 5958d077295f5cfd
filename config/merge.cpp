#include "config/merge.hpp"

#include <fmt/format.h>

#include <map>

namespace kilnwatt::config {
namespace {

using kind = table::node::kind;

bool joins(table::node const& a, table::node const& b, kind k)
{
    return a.what == k && b.what == k && !a.closed && !b.closed;
}

} // namespace

void merge(table::node& to, table::node& from)
{
    std::map<std::string_view, table::node*> present;
    for (auto const& child : to.children)
        present.emplace(child->key, child.get());
    auto arriving = std::move(from.children);
    from.children.clear();
    for (auto& child : arriving) {
        auto const hit = present.find(child->key);
        if (hit == present.end()) {
            to.adopt(std::move(child));
        } else if (auto& mine = *hit->second; joins(mine, *child, kind::table)) {
            merge(mine, *child);
        } else if (joins(mine, *child, kind::list)) {
            for (auto& item : child->children)
                mine.adopt(std::move(item));
        } else {
            note(to.notes(), {child->key_at(), mine.path(),
                              fmt::format("is given already at {}", to_string(mine.key_at())), "keep one of the two"});
        }
    }
}

} // namespace kilnwatt::config
