#include "agent/cli/command_tree.hpp"

#include <CLI/CLI.hpp>

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

} // namespace kilnwatt::cli
