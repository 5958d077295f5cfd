#include "config/node.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kilnwatt::config {
namespace {

std::string quoted(std::string_view text)
{
    constexpr std::size_t shown_max = 40;
    std::string shown{"'"};
    for (auto const c : text.substr(0, shown_max))
        shown += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    if (text.size() <= shown_max)
        return shown + "'";
    while (!shown.empty() && (static_cast<unsigned char>(shown.back()) & 0x80) != 0) // may be half a character
        shown.pop_back();
    return shown + "...'";
}

} // namespace

std::string table::node::path() const
{
    if (parent == nullptr)
        return {};
    if (number > 0)
        return fmt::format("{}[{}]", parent->path(), number);
    auto const above = parent->path();
    return above.empty() ? key : above + "." + key;
}

table::node* table::node::find(std::string_view name) const
{
    auto const same = [name](auto const& child) { return child->key == name; };
    auto const hit = std::find_if(children.begin(), children.end(), same);
    return what == kind::table && hit != children.end() ? hit->get() : nullptr;
}

table::node* table::node::ask(std::string_view name)
{
    if (std::find(asked.begin(), asked.end(), name) == asked.end())
        asked.emplace_back(name);
    return find(name);
}

void table::node::adopt(std::unique_ptr<node> child)
{
    child->parent = this;
    if (what == kind::list)
        child->number = children.size() + 1;
    children.push_back(std::move(child));
}

defects& table::node::notes() const
{
    auto const* root = this;
    while (root->parent != nullptr)
        root = root->parent;
    return *root->found;
}

void table::node::note(std::string message, std::string remedy) const
{
    config::note(notes(), {at(), path(), std::move(message), std::move(remedy)});
}

std::string show(table::node const& n)
{
    using kind = table::node::kind;
    switch (n.what) {
    case kind::boolean:
        return std::get<bool>(n.scalar) ? "true" : "false";
    case kind::whole:
        return fmt::format("{}", std::get<std::int64_t>(n.scalar));
    case kind::fraction:
        return fmt::format("{}", std::get<double>(n.scalar));
    case kind::text:
        return quoted(std::get<std::string>(n.scalar));
    case kind::moment:
        return "a date or time";
    case kind::list:
        return "a list";
    case kind::table:
        return "a table";
    }
    return {};
}

std::shared_ptr<table::node> empty_root(std::string const& name)
{
    auto root = std::make_shared<table::node>();
    root->file = std::make_shared<std::string const>(name);
    root->found = std::make_shared<defects>();
    return root;
}

} // namespace kilnwatt::config
