#include "agent/cli/meter_commands.hpp"

#include "agent/cli/commands.hpp"
#include "drivers/device.hpp"
#include "protocols/modbus/error.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cmath>
#include <ctime>
#include <map>
#include <ostream>

namespace kilnwatt::cli {
namespace {

using clock = std::chrono::steady_clock;

struct watch_meter_options : meter_options {
    int period_ms = 1000;
    std::optional<std::chrono::seconds> lasts;
};

/// What was read last of each point, for the rate of change.
class rates {
public:
    /// Change a second since the last call for this point; nothing for the first value or no number.
    value change(std::string const& point, value const& v, clock::time_point now)
    {
        auto const number = as_number(v);
        if (std::isnan(number)) {
            last_.erase(point);
            return {};
        }
        auto const before = last_.find(point);
        value rate;
        if (before != last_.end() && now > before->second.first)
            rate = (number - before->second.second) / std::chrono::duration<double>(now - before->second.first).count();
        last_[point] = {now, number};
        return rate;
    }

private:
    std::map<std::string, std::pair<clock::time_point, double>> last_;
};

struct watcher {
    meter_session& session;
    meter_target const& to;
    watch_meter_options const& options;
    rates seen{};

    /// One round of all classes; the error when the device answered nothing.
    /// Inlined, it trips g++ 12's check of new and delete.
    [[gnu::noinline]] asio::awaitable<boost::system::error_code> round(modbus::link& link, drivers::device& device,
                                                                       table& t)
    {
        plant_clock const plant;
        if (device.needs_discovery()) {
            auto const found = co_await device.discover(link);
            if (found.has_error())
                co_return found.error();
        }
        auto const time = fmt::format("{:%H:%M:%S}", fmt::gmtime(std::time(nullptr)));
        for (auto const c : device.classes()) {
            auto const r = co_await device.read(link, c, plant);
            if (r.has_error())
                co_return r.error();
            for (std::size_t i = 0; i < r->cells.size(); ++i) {
                auto const& column = r->layout->columns[i];
                auto const v = scaled(*r, i);
                t.add({time, column.name, v, column.unit, seen.change(column.name, v, clock::now()),
                       std::string{to_string(r->cells[i].q)}});
            }
        }
        co_return boost::system::error_code{};
    }

    void draw(table const& t)
    {
        auto const io = session.io();
        if (!io.out_is_terminal || options.json)
            return t.print(io, options.json);
        io.out << "\x1b[H";
        for (auto const& line : t.lines(io.colour))
            io.out << line << "\x1b[K\n";
        io.out << "\x1b[J" << std::flush;
    }

    asio::awaitable<exit_code> run()
    {
        auto const link = session.open(to.address, to.timing);
        drivers::device device{to.name, to.unit, *to.profile};
        asio::steady_timer pause{session.context()};
        auto const end = options.lasts ? clock::now() + *options.lasts : clock::time_point::max();
        if (session.io().out_is_terminal && !options.json)
            session.io().out << "\x1b[2J";
        auto code = exit_code::ok;
        std::string told;
        for (auto next = clock::now(); next < end && !session.interrupted();) {
            table t{{{"time"}, {"point"}, {"value", true}, {"unit"}, {"change/s", true}, {"quality"}}};
            auto const ec = co_await round(*link, device, t);
            if (ec && ec.message() != told && !session.interrupted()) {
                modbus::read_request const q{.unit = to.unit};
                code = co_await session.explain(ec, to.address, to.timing, q);
            }
            told = ec ? ec.message() : std::string{};
            if (!ec) {
                draw(t);
                code = exit_code::ok;
            }
            next = std::max(next + std::chrono::milliseconds{options.period_ms}, clock::now());
            pause.expires_at(std::min(next, end));
            if (!session.interrupted())
                co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
        }
        co_return code;
    }
};

} // namespace

void add_meter_watch(CLI::App& meter, streams io, exit_code& code)
{
    auto options = std::make_shared<watch_meter_options>();
    auto* command = meter.add_subcommand("watch", "Read the points again and again: value, change a second, quality");
    command->footer("Example:\n  kilnwatt meter watch tcp://192.0.2.7 -p janitza_umg96rm --period 500\n\n"
                    "Ends with Ctrl-C or --for. In a pipe every round is printed.");
    add_meter_options(*command, *options);
    command->add_option("--period", options->period_ms, "ms from one round to the next")
        ->check(CLI::Range(10, 3'600'000))
        ->capture_default_str();
    command->add_option_function<std::string>(
        "--for", [options](std::string const& text) { options->lasts = parse_span(text); }, "End after this time");
    command->callback([options, io, &code] {
        auto const to = find_target(*options, io, code);
        if (!to)
            return;
        if (!to->profile) {
            io.err << "meter: name a profile (-p), or a configured device (-c FILE)\n";
            code = exit_code::usage;
            return;
        }
        meter_session session{io};
        if (!session.reach(*options, *to, link_use::shared, code))
            return;
        watcher w{session, *to, *options};
        code = session.run([&] { return w.run(); });
    });
}

} // namespace kilnwatt::cli
