#include "agent/cli/command_tree.hpp"

#include "core/spelling.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace kilnwatt::cli {
namespace {

void add(CLI::App const& app, std::vector<std::string> path, std::vector<command_entry>& tree)
{
    command_entry c{path, app.get_description(), app.get_footer(), {}, {}, {}};
    for (auto const* o : app.get_options()) {
        option_entry e;
        for (auto const& s : o->get_snames())
            e.names.push_back("-" + s);
        for (auto const& l : o->get_lnames())
            e.names.push_back("--" + l);
        auto const takes_value = o->get_items_expected_max() > 0;
        if (e.names.empty())
            e.label = o->get_name(true);
        else if (takes_value)
            e.label = o->get_type_name().empty() ? "VALUE" : o->get_type_name();
        e.about = o->get_description();
        e.required = o->get_required();
        c.options.push_back(std::move(e));
    }
    auto const children = app.get_subcommands(std::function<bool(CLI::App const*)>{});
    for (auto const* s : children) {
        c.subcommands.push_back(s->get_name());
        c.subcommand_abouts.push_back(s->get_description());
    }
    tree.push_back(std::move(c));
    for (auto const* s : children) {
        auto below = path;
        below.push_back(s->get_name());
        add(*s, std::move(below), tree);
    }
}

} // namespace

std::vector<command_entry> command_tree(CLI::App const& program)
{
    std::vector<command_entry> tree;
    add(program, {}, tree);
    return tree;
}

std::string misspelt_command(CLI::App const& program)
{
    auto const* at = &program;
    std::string path;
    while (!at->get_subcommands().empty()) {
        at = at->get_subcommands().back();
        path += at->get_name() + ' ';
    }
    auto const commands = at->get_subcommands([](CLI::App const*) { return true; });
    auto const words = program.remaining(true);
    if (commands.empty() || words.empty() || words.front().starts_with('-'))
        return {};
    std::vector<std::string_view> names;
    for (auto const* c : commands)
        names.push_back(c->get_name());
    auto text = fmt::format("there is no command '{}{}'", path, words.front());
    auto const near = nearest(words.front(), names, 1);
    return near.empty() ? text : text + fmt::format(": did you mean '{}{}'?", path, near.front());
}

} // namespace kilnwatt::cli
