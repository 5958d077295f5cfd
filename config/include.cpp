#include "config/merge.hpp"
#include "config/nesting.hpp"
#include "config/read_file.hpp"

#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace kilnwatt::config {
namespace {

namespace fs = std::filesystem;

/// Paths of a pattern, sorted; a pattern without wildcards stands for itself.
std::vector<std::string> expand(std::string const& pattern)
{
    if (pattern.find_first_of("*?[") == std::string::npos)
        return {pattern};
    glob_t hits{};
    std::vector<std::string> paths;
    if (::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &hits) == 0)
        paths.assign(hits.gl_pathv, hits.gl_pathv + hits.gl_pathc);
    ::globfree(&hits);
    std::sort(paths.begin(), paths.end());
    return paths;
}

std::string identity(std::string const& path)
{
    std::error_code error;
    auto const canonical = fs::weakly_canonical(path, error);
    return error ? path : canonical.string();
}

/// Takes `include` off a root and returns its texts; wrong ones are noted.
std::vector<std::pair<std::string, place>> take_patterns(table::node& root)
{
    std::vector<std::pair<std::string, place>> patterns;
    root.ask("include"); // known, though nobody sees it later
    auto const is_include = [](auto const& child) { return child->key == "include"; };
    auto const hit = std::find_if(root.children.begin(), root.children.end(), is_include);
    if (hit == root.children.end())
        return patterns;
    auto const& list = **hit;
    if (list.what != table::node::kind::list)
        list.note(fmt::format("is {}, but must be a list of texts", show(list)), R"(write include = ["more/*.toml"])");
    else
        for (auto const& item : list.children) {
            if (item->what == table::node::kind::text && !std::get<std::string>(item->scalar).empty())
                patterns.emplace_back(std::get<std::string>(item->scalar), item->at());
            else
                item->note(fmt::format("is {}, but must be the path of a file", show(*item)));
        }
    root.children.erase(hit);
    return patterns;
}

std::size_t count_values(table::node const& n)
{
    std::size_t count = 1;
    for (auto const& child : n.children)
        count += count_values(*child);
    return count;
}

class includer {
public:
    explicit includer(table::node& root) : root_{root}, values_{count_values(root)} {}

    /// Merges `file` into the root (unless it is the root), and then what it includes.
    void take(table::node& file, std::string const& path)
    {
        open_.push_back(path);
        seen_.insert(identity(path));
        auto const patterns = take_patterns(file);
        if (&file != &root_)
            merge(root_, file);
        auto const folder = fs::path{path}.parent_path();
        for (auto const& [pattern, at] : patterns)
            for (auto const& included : expand((folder / pattern).string()))
                add(included, at);
        open_.pop_back();
    }

private:
    void add(std::string const& path, place const& at)
    {
        auto const id = identity(path);
        auto const is_it = [&id](std::string const& open) { return identity(open) == id; };
        if (std::any_of(open_.begin(), open_.end(), is_it))
            return complain(at, fmt::format("leads in a circle: {} -> {}", fmt::join(open_, " -> "), path), "");
        if (seen_.contains(id))
            return;
        if (seen_.size() >= files_max)
            return complain(at, fmt::format("'{}' is one file too many", path),
                            fmt::format("at most {} files make one configuration", files_max));
        std::error_code error;
        if (!fs::exists(path, error))
            return complain(at, fmt::format("there is no file '{}'", path), "the path is relative to this file");
        auto const file = parse_file(path);
        values_ += count_values(*file);
        if (values_ > values_max)
            return complain(at, fmt::format("with '{}' the files hold more than {} values", path, values_max), "");
        for (auto& d : *file->found)
            note(*root_.found, std::move(d));
        file->found = root_.found;
        root_.complete = root_.complete && file->complete;
        take(*file, path);
    }

    void complain(place const& at, std::string message, std::string remedy)
    {
        note(*root_.found, {at, "include", std::move(message), std::move(remedy)});
        root_.complete = false;
    }

    table::node& root_;
    std::size_t values_;
    std::vector<std::string> open_; ///< paths from the first file to the one being read
    std::set<std::string> seen_;    ///< identities of all files read
};

} // namespace

document read_files(std::string const& path)
{
    auto root = parse_file(path);
    includer{*root}.take(*root, path);
    return document_of(std::move(root));
}

} // namespace kilnwatt::config
