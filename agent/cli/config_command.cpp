#include "agent/cli/commands.hpp"

#include "agent/cli/site_view.hpp"
#include "agent/cli/toml_text.hpp"
#include "agent/control/site_plan.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <ostream>

namespace kilnwatt::cli {

exit_code run_config_show(config_options const& options, streams io)
{
    auto const plan = control::plan_site(options.file);
    for (auto const& d : *plan.found)
        io.err << config::to_string(d) << '\n';
    if (!plan.found->empty())
        return exit_code::bad_config;
    auto const site = effective_site(plan, options.points);
    if (options.json)
        io.out << boost::json::serialize(site) << '\n';
    else
        io.out << toml_text(site);
    return exit_code::ok;
}

void add_config(CLI::App& app, streams io, exit_code& code)
{
    auto* config = app.add_subcommand("config", "What a site file means");
    config->require_subcommand(1);
    auto options = std::make_shared<config_options>();
    auto* show = config->add_subcommand("show", "Print a site with its includes, profiles and defaults; no secrets");
    show->footer("What is printed is a site file again. A secret is shown by where it is (file:, env:, credential:) or "
                 "as (hidden).\n\nExamples:\n  kilnwatt config show /etc/kilnwatt/site.toml\n"
                 "  kilnwatt config show --json /etc/kilnwatt/site.toml | jq '.mqtt[].url'");
    show->add_option("FILE", options->file, "Site file")->required();
    show->add_flag("--json", options->json, "One JSON object");
    show->add_flag("--points", options->points,
                   "Also the points of each device, as its profile and the site file have them");
    show->callback([options, io, &code] { code = run_config_show(*options, io); });
}

} // namespace kilnwatt::cli
