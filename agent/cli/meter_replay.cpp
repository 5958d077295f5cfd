#include "agent/cli/meter_commands.hpp"

#include "agent/cli/commands.hpp"
#include "agent/meter/recording.hpp"
#include "protocols/modbus/error.hpp"
#include "simulator/tcp_server.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <ostream>

namespace kilnwatt::cli {
namespace {

struct replay_options {
    std::string file;
    std::string host = "127.0.0.1";
    std::uint16_t port = 1502;
    std::optional<std::chrono::seconds> lasts;
};

/// One unit of a recording.
class replayed_unit final : public simulator::modbus_unit {
public:
    replayed_unit(std::uint8_t unit, std::shared_ptr<meter::replayer> from) : unit_{unit}, from_{std::move(from)} {}

    std::uint8_t unit() const override { return unit_; }
    bool is_silent() override { return false; }

    result<void> read(modbus::read_request const& request, std::span<std::uint16_t> words) override
    {
        auto const answer = from_->answer(request);
        if (answer.has_error())
            return answer.error();
        std::copy(answer->begin(), answer->end(), words.begin());
        return {};
    }

private:
    std::uint8_t unit_;
    std::shared_ptr<meter::replayer> from_;
};

exit_code run_replay(replay_options const& o, streams io)
{
    std::ifstream in{o.file, std::ios::binary};
    std::string const text{std::istreambuf_iterator<char>{in}, {}};
    std::string why = "cannot be read";
    auto exchanges = in ? meter::read_recording(text, why) : std::nullopt;
    if (!exchanges) {
        io.err << "replay: " << o.file << ": " << why << '\n';
        return in ? exit_code::bad_config : exit_code::failure;
    }
    auto const n = exchanges->size();
    auto const player = std::make_shared<meter::replayer>(*std::move(exchanges));
    std::vector<std::shared_ptr<simulator::modbus_unit>> units;
    for (auto const u : player->units())
        units.push_back(std::make_shared<replayed_unit>(u, player));

    asio::io_context context{1};
    simulator::tcp_server server{context.get_executor(), units};
    if (auto const opened = server.listen(o.host, o.port); opened.has_error()) {
        io.err << "replay: " << o.host << ':' << o.port << ": " << opened.error().message() << "; try another --port\n";
        return exit_code::failure;
    }
    io.err << "replay: " << n << " exchanges of " << units.size() << (units.size() == 1 ? " unit" : " units")
           << " as tcp://" << o.host << ':' << o.port << "; Ctrl-C ends it\n";
    asio::signal_set signals{context, SIGINT, SIGTERM};
    signals.async_wait([&](auto const& error, int) {
        if (!error)
            context.stop();
    });
    asio::steady_timer end{context};
    if (o.lasts) {
        end.expires_after(*o.lasts);
        end.async_wait([&](auto const& error) {
            if (!error)
                context.stop();
        });
    }
    context.run();
    return exit_code::ok;
}

} // namespace

void add_meter_replay(CLI::App& meter, streams io, exit_code& code)
{
    auto options = std::make_shared<replay_options>();
    auto* command = meter.add_subcommand("replay", "Serve a recording as a device over Modbus TCP");
    command->footer("Example:\n  kilnwatt meter replay fault.txt --port 1502\n\n"
                    "The n-th time the same is asked, the n-th recorded answer is given: values, exceptions, silence, "
                    "garbled answers, closed connections.");
    command->add_option("FILE", options->file, "What `kilnwatt meter record` wrote")->required();
    command->add_option("--host", options->host, "Address to listen on")->capture_default_str();
    command->add_option("--port", options->port, "Port to listen on")
        ->capture_default_str()
        ->check(CLI::Range(1, 65535));
    command->add_option_function<std::string>(
        "--for", [options](std::string const& text) { options->lasts = parse_span(text); }, "End after this time");
    command->callback([options, io, &code] { code = run_replay(*options, io); });
}

} // namespace kilnwatt::cli
