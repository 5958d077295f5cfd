#include "agent/cli/commands.hpp"

#include "agent/control/plate_notes.hpp"
#include "agent/control/supervisor.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <ostream>

namespace kilnwatt::cli {
namespace {

namespace asio = boost::asio;

asio::awaitable<void> stop_all(control::supervisor& agent, asio::io_context& context)
{
    co_await agent.stop();
    context.stop();
}

} // namespace

exit_code run_agent(run_options const& options, streams io)
{
    auto plan = control::plan_site(options.file);
    if (!plan.found->empty()) {
        for (auto const& d : *plan.found)
            io.err << config::to_string(d) << '\n';
        io.err << options.file << ": not started; correct the file, `kilnwatt check` shows the same list\n";
        return exit_code::bad_config;
    }
    plant_clock clock;
    if (!options.clock.empty()) {
        auto const parsed = plant_clock::parse(options.clock);
        if (parsed.has_error()) {
            io.err << "run: --clock '" << options.clock << "' is not START@AT*RATE\n";
            return exit_code::usage;
        }
        clock = *parsed;
    }

    control::log out{options.verbose ? control::log_level::debug : control::log_level::info};
    for (auto const& n : control::plate_notes(plan))
        out.info(to_string(n));
    asio::io_context context{1};
    control::supervisor agent{context, std::move(plan), clock, out};
    std::string why;
    if (!agent.start(why)) {
        out.error(why);
        return exit_code::failure;
    }
    asio::signal_set signals{context, SIGINT, SIGTERM};
    signals.async_wait([&](auto const& error, int) {
        if (error)
            return;
        asio::co_spawn(context, stop_all(agent, context), [](std::exception_ptr thrown) {
            if (thrown)
                std::rethrow_exception(thrown);
        });
    });
    context.run();
    return exit_code::ok;
}

void add_run(CLI::App& app, streams io, exit_code& code)
{
    auto options = std::make_shared<run_options>();
    auto* command = app.add_subcommand("run", "Run the agent until SIGTERM");
    command->footer("Example:\n  kilnwatt run -c /etc/kilnwatt/site.toml");
    command->add_option("-c,--config", options->file, "Site file")->required();
    command->add_option("--clock", options->clock,
                        "START@AT*RATE in ms since 1970, for simulated plants: at machine time AT the plant's clock "
                        "shows START and runs RATE times as fast");
    command->add_flag("-v,--verbose", options->verbose, "Log debug lines too");
    command->callback([options, io, &code] { code = run_agent(*options, io); });
}

} // namespace kilnwatt::cli
