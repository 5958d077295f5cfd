#include "config/table.hpp"

#include "config/node.hpp"
#include "core/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kilnwatt::config {

using kind = table::node::kind;

namespace {

/// Keys are short: two wrong letters in "slave" do not make it "share".
bool is_slip(std::string_view written, std::string_view known)
{
    return edit_distance(written, known) <= std::max<std::size_t>(1, written.size() / 3);
}

bool is_blank_text(table::node const& n)
{
    return n.what == kind::text && std::get<std::string>(n.scalar).find_first_not_of(" \t\n") == std::string::npos;
}

} // namespace

bool table::has(std::string_view key) const
{
    return node_->ask(key) != nullptr;
}

bool table::require(std::string_view key, std::string_view remedy)
{
    auto const* n = node_->ask(key);
    if (n != nullptr && !is_blank_text(*n))
        return true;
    complain(key, n == nullptr ? "is missing" : "is empty", std::string{remedy});
    return false;
}

std::optional<table> table::child(std::string_view key)
{
    auto* n = node_->ask(key);
    if (n == nullptr)
        return std::nullopt;
    if (n->what != kind::table) {
        n->note(fmt::format("is {}, but must be a table", show(*n)), fmt::format("write {} = {{...}}", key));
        return std::nullopt;
    }
    return table{std::shared_ptr<node>{node_, n}};
}

std::vector<table> table::children(std::string_view key)
{
    std::vector<table> tables;
    auto* n = node_->ask(key);
    if (n == nullptr)
        return tables;
    if (n->what != kind::list) {
        n->note(fmt::format("is {}, but must be a list of tables", show(*n)),
                n->what == kind::table && !n->closed ? fmt::format("write [[{0}]] instead of [{0}]", key)
                                                     : fmt::format("write {} = [{{...}}, {{...}}]", key));
        return tables;
    }
    for (auto const& item : n->children) {
        if (item->what == kind::table)
            tables.emplace_back(std::shared_ptr<node>{node_, item.get()});
        else
            item->note(fmt::format("is {}, but must be a table", show(*item)), "write {...}");
    }
    return tables;
}

std::vector<std::string> table::keys() const
{
    std::vector<std::string> names;
    for (auto const& entry : node_->children)
        names.push_back(entry->key);
    return names;
}

place table::where() const
{
    return node_->parent == nullptr ? place{*node_->file, 0, 0} : node_->at();
}

place table::where(std::string_view key) const
{
    auto const* n = node_->find(key);
    return n != nullptr ? n->at() : where();
}

std::string table::path(std::string_view key) const
{
    auto const own = node_->path();
    if (key.empty())
        return own;
    return own.empty() ? std::string{key} : fmt::format("{}.{}", own, key);
}

void table::complain(std::string_view key, std::string message, std::string remedy)
{
    note(node_->notes(), {where(key), path(key), std::move(message), std::move(remedy)});
}

void table::refuse_unknown()
{
    std::vector<std::string_view> const known{node_->asked.begin(), node_->asked.end()};
    for (auto const& entry : node_->children) {
        if (std::find(known.begin(), known.end(), entry->key) != known.end())
            continue;
        if (node_->notes().size() > defects_max)
            return;
        auto const similar = nearest(entry->key, known, 1);
        auto const sure = !similar.empty() && is_slip(entry->key, similar.front());
        auto remedy = sure ? fmt::format("did you mean '{}'?", similar.front())
                           : fmt::format("known here: {}", fmt::join(known, ", "));
        note(node_->notes(), {entry->key_at(), entry->path(), "is not a known key", std::move(remedy)});
    }
}

} // namespace kilnwatt::config
