#include "agent/cli/commands.hpp"

#include "agent/control/site_plan.hpp"
#include "simulator/plant_server.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <csignal>
#include <ostream>

namespace kilnwatt::cli {
namespace {

namespace asio = boost::asio;

std::vector<simulator::served_device> served_devices(control::site_plan const& plan)
{
    std::vector<simulator::served_device> served;
    for (auto const& link : plan.links)
        for (auto const& d : link.devices)
            served.push_back({d.device.name(), link.address, d.device.unit(), d.device.what()});
    return served;
}

} // namespace

exit_code run_simulate(simulate_options const& options, streams io)
{
    auto const plan = control::plan_site(options.file);
    if (!plan.found->empty()) {
        for (auto const& d : *plan.found)
            io.err << config::to_string(d) << '\n';
        return exit_code::bad_config;
    }
    plant_clock clock;
    if (!options.clock.empty()) {
        auto const parsed = plant_clock::parse(options.clock);
        if (parsed.has_error()) {
            io.err << "simulate: --clock '" << options.clock << "' is not START@AT*RATE\n";
            return exit_code::usage;
        }
        clock = *parsed;
    }

    asio::io_context context{1};
    simulator::plant_options plant{.clock = clock};
    plant.seed = options.seed;
    plant.devices = served_devices(plan);
    plant.truth_path = options.truth;
    plant.truth_series_path = options.series;
    simulator::plant_server server{context.get_executor(), std::move(plant)};
    std::string why;
    if (server.start(why).has_error()) {
        io.err << "simulate: " << why << '\n';
        return exit_code::failure;
    }
    io.err << "simulate: serving " << plan.site.devices.size() << " devices on " << plan.links.size() << " links\n";

    auto const stop = [&] { context.stop(); };
    asio::signal_set signals{context, SIGINT, SIGTERM};
    signals.async_wait([&](auto const& error, int) {
        if (!error)
            stop();
    });
    asio::steady_timer end{context};
    if (options.lasts) {
        end.expires_after(*options.lasts);
        end.async_wait([&](auto const& error) {
            if (!error)
                stop();
        });
    }
    context.run();
    server.stop();
    return exit_code::ok;
}

void add_simulate(CLI::App& app, streams io, exit_code& code)
{
    auto options = std::make_shared<simulate_options>();
    auto* command = app.add_subcommand("simulate", "Play the ceramics plant of a site file over real Modbus");
    command->footer("Example:\n  kilnwatt simulate -c config/examples/ceramics-plant.toml --truth truth.json");
    command->add_option("-c,--config", options->file, "Site file whose devices are played")->required();
    command->add_option("--seed", options->seed, "Seed of weather and duty cycles")->capture_default_str();
    command->add_option("--clock", options->clock, "START@AT*RATE in ms since 1970: at machine time AT the plant shows "
                                                   "START and runs RATE times as fast");
    command->add_option("--truth", options->truth, "Write the true energies here at exit (JSON)");
    command->add_option("--truth-series", options->series, "Write the cumulative truth at every plant minute here");
    command->add_option_function<std::string>(
        "--for", [options](std::string const& text) { options->lasts = parse_span(text); }, "End after this time");
    command->callback([options, io, &code] { code = run_simulate(*options, io); });
}

} // namespace kilnwatt::cli
