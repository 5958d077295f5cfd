#include "agent/cli/commands.hpp"

#include "agent/cli/live_view.hpp"
#include "agent/control/site_plan.hpp"
#include "protocols/mqtt/session.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <unistd.h>

#include <csignal>
#include <ostream>

namespace kilnwatt::cli {
namespace {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;
constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds fresh_age{30};
constexpr std::chrono::milliseconds farewell{500};
/// A subscription to a whole plant begins with a burst: every retained topic.
constexpr int retained_max = 10'000;

mqtt::session_options subscriber(settings::mqtt_settings const& sink)
{
    mqtt::session_options o;
    o.host = sink.host;
    o.port = sink.port;
    o.client_id = "kilnwatt-watch-" + std::to_string(::getpid());
    o.user = sink.user;
    o.password = sink.password.reveal();
    o.version = sink.version;
    if (sink.tls)
        o.tls = mqtt::tls_options{sink.tls->ca_file, sink.tls->certificate_file, sink.tls->key_file};
    o.inbound_max = retained_max;
    return o;
}

/// Subscribes to one sink's topics, feeds the view and draws it once a second.
class watcher {
public:
    watcher(asio::io_context& context, settings::mqtt_settings const& sink, live_view& view, streams io)
        : context_{context}, options_{subscriber(sink)}, topics_{sink.root + "/#"}, view_{view}, io_{io},
          timer_{context}
    {}

    asio::awaitable<void> run(std::optional<std::chrono::seconds> lasts)
    {
        auto const end = lasts ? clock::now() + *lasts : clock::time_point::max();
        std::string told;
        while (!stopped_ && clock::now() < end) {
            mqtt::session session{context_.get_executor(), options_};
            bool lost = false;
            session.on_lost([&lost](boost::system::error_code) { lost = true; });
            session.on_message([this](mqtt::message m) { view_.on_message(m.topic, m.payload, clock::now()); });
            auto connected = co_await session.connect();
            if (connected.has_value())
                connected = co_await session.subscribe(topics_, 1);
            if (connected.has_error()) {
                auto const why = connected.error().message();
                if (why != told)
                    io_.err << "watch: " << options_.host << ":" << options_.port << ": " << why << '\n';
                told = why;
            }
            auto const joined = connected.has_value();
            while (joined && !lost && !stopped_ && clock::now() < end)
                co_await draw();
            if (joined && !lost)
                co_await session.disconnect(farewell);
            if (!stopped_ && clock::now() < end)
                co_await pause();
        }
        stop();
        context_.stop();
    }

    void stop()
    {
        stopped_ = true;
        timer_.cancel();
    }

private:
    asio::awaitable<void> draw()
    {
        if (io_.out_is_terminal) {
            io_.out << "\x1b[H";
            for (auto const& line : view_.table(clock::now()))
                io_.out << line << "\x1b[K\n";
            io_.out << "\x1b[J" << std::flush;
        }
        co_await pause();
    }

    asio::awaitable<void> pause()
    {
        timer_.expires_after(std::chrono::seconds{1});
        co_await timer_.async_wait(quietly);
    }

    asio::io_context& context_;
    mqtt::session_options options_;
    std::string topics_;
    live_view& view_;
    streams io_;
    asio::steady_timer timer_;
    bool stopped_ = false;
};

} // namespace

exit_code run_watch(watch_options const& options, streams io)
{
    auto const plan = control::plan_site(options.file);
    if (!plan.found->empty() || plan.site.mqtt.empty()) {
        for (auto const& d : *plan.found)
            io.err << config::to_string(d) << '\n';
        if (plan.site.mqtt.empty())
            io.err << "watch: " << options.file << " has no [[mqtt]] to watch\n";
        return exit_code::bad_config;
    }
    std::vector<std::string> names;
    for (auto const& d : plan.site.devices)
        names.push_back(d.name);
    live_view view{plan.site.mqtt.front().root, names};

    asio::io_context context{1};
    watcher w{context, plan.site.mqtt.front(), view, io};
    asio::signal_set signals{context, SIGINT, SIGTERM};
    signals.async_wait([&w](auto const& error, int) {
        if (!error)
            w.stop();
    });
    if (io.out_is_terminal)
        io.out << "\x1b[2J";
    asio::co_spawn(context, w.run(options.lasts), [](std::exception_ptr error) {
        if (error)
            std::rethrow_exception(error);
    });
    context.run();

    auto const now = clock::now();
    if (!io.out_is_terminal)
        for (auto const& line : view.table(now))
            io.out << line << '\n';
    io.out << '\n';
    for (auto const& line : view.summary())
        io.out << line << '\n';
    if (!options.lasts)
        return exit_code::ok;
    auto const reasons = view.stale(now, fresh_age);
    for (auto const& r : reasons)
        io.err << "watch: not fresh: " << r << '\n';
    return reasons.empty() ? exit_code::ok : exit_code::not_fresh;
}

void add_watch(CLI::App& app, streams io, exit_code& code)
{
    auto options = std::make_shared<watch_options>();
    auto* command = app.add_subcommand("watch", "Show the plant's figures as an MQTT subscriber sees them");
    command->footer("Example:\n  kilnwatt watch -c config/examples/ceramics-plant.toml --for 60s\n\n"
                    "With --for, the exit code is 0 only if fresh figures of every device arrived.");
    command->add_option("-c,--config", options->file, "Site file; its first [[mqtt]] is watched")->required();
    command->add_option_function<std::string>(
        "--for", [options](std::string const& text) { options->lasts = parse_span(text); }, "End after this time");
    command->callback([options, io, &code] { code = run_watch(*options, io); });
}

} // namespace kilnwatt::cli
