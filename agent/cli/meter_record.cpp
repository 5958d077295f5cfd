#include "agent/cli/meter_commands.hpp"

#include "agent/cli/commands.hpp"
#include "agent/meter/range_text.hpp"
#include "agent/meter/recording.hpp"
#include "drivers/device.hpp"
#include "protocols/modbus/error.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <fstream>
#include <ostream>

namespace kilnwatt::cli {
namespace {

using clock = std::chrono::steady_clock;

struct record_options : meter_options {
    std::string out;
    std::vector<std::string> ranges;
    std::chrono::seconds lasts{10};
    int period_ms = 1000;
};

/// A link that writes down every exchange of another one.
class recording_link final : public modbus::link {
public:
    recording_link(modbus::link& to, std::ostream& out) : to_{to}, out_{out} {}

    asio::awaitable<result<void>> read(modbus::read_request request, std::span<std::uint16_t> words) override
    {
        meter::recorded_exchange e;
        e.at = std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - began_);
        e.request = request;
        auto const reply = co_await to_.read(request, words);
        if (reply.has_value())
            e.words.assign(words.begin(), words.begin() + request.count);
        else
            e.error = reply.error();
        if (e.error != modbus::errc::cancelled) {
            out_ << meter::to_line(e) << std::flush;
            ++written_;
        }
        co_return reply;
    }

    asio::awaitable<result<void>> write(modbus::write_request request) override { return to_.write(request); }

    void close() override { to_.close(); }
    bool is_open() const override { return to_.is_open(); }
    modbus::link_statistics const& statistics() const override { return to_.statistics(); }
    link_address const& address() const override { return to_.address(); }
    std::size_t written() const { return written_; }

private:
    modbus::link& to_;
    std::ostream& out_;
    clock::time_point began_ = clock::now();
    std::size_t written_ = 0;
};

/// True when the device could not even be reached: nothing worth a recording.
bool is_hopeless(boost::system::error_code const& ec)
{
    using modbus::errc;
    return ec == errc::connect_failed || ec == errc::port_missing || ec == errc::port_denied ||
           ec == errc::port_unswitched || ec == errc::not_modbus;
}

struct recorder {
    meter_session& session;
    meter_target const& to;
    record_options const& options;
    std::vector<drivers::read_range> const& ranges;

    asio::awaitable<boost::system::error_code> round(modbus::link& link, drivers::device& device)
    {
        boost::system::error_code last;
        for (auto const& r : ranges) {
            modbus::read_request const q{to.unit, r.from, r.address, r.count};
            std::vector<std::uint16_t> words(r.count);
            if (auto const reply = co_await link.read(q, words); reply.has_error())
                last = reply.error();
        }
        if (!ranges.empty())
            co_return last;
        if (device.needs_discovery()) {
            auto const found = co_await device.discover(link);
            if (found.has_error())
                co_return found.error();
        }
        plant_clock const plant;
        for (auto const c : device.classes())
            if (auto const r = co_await device.read(link, c, plant); r.has_error())
                last = r.error();
        co_return last;
    }

    asio::awaitable<exit_code> run(std::ostream& out)
    {
        auto const link = session.open(to.address, to.timing);
        // On the heap: in the frame they would trip g++ 12's check of new and delete.
        auto const recorded = std::make_unique<recording_link>(*link, out);
        auto const device =
            std::make_unique<drivers::device>(to.name, to.unit, to.profile.value_or(drivers::profile{}));
        asio::steady_timer pause{session.context()};
        auto const end = clock::now() + options.lasts;
        for (auto next = clock::now(); next < end && !session.interrupted();) {
            auto const ec = co_await round(*recorded, *device);
            if (is_hopeless(ec)) {
                modbus::read_request const q{.unit = to.unit};
                co_return co_await session.explain(ec, to.address, to.timing, q);
            }
            next += std::chrono::milliseconds{options.period_ms};
            pause.expires_at(std::min(std::max(next, clock::now()), end));
            if (!session.interrupted())
                co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
        }
        session.io().err << "record: " << recorded->written() << " exchanges written to " << options.out << '\n';
        co_return exit_code::ok;
    }
};

exit_code run_record(record_options const& o, streams io)
{
    auto code = exit_code::ok;
    std::vector<drivers::read_range> ranges;
    for (auto const& text : o.ranges) {
        std::string why;
        auto const r = meter::range_of_text(text, why);
        if (!r || !modbus::is_valid({1, r->from, r->address, r->count})) {
            io.err << "record: " << (r ? "'" + text + "' is more than one request can read" : why) << '\n';
            return exit_code::usage;
        }
        ranges.push_back(*r);
    }
    auto const to = find_target(o, io, code);
    if (!to)
        return code;
    if (ranges.empty() && !to->profile) {
        io.err << "record: say what to read: registers (holding:19026+2), or a profile (-p)\n";
        return exit_code::usage;
    }
    meter_session session{io};
    if (!session.reach(o, *to, link_use::alone, code))
        return code;
    std::ofstream out{o.out};
    if (!out) {
        io.err << "record: " << o.out << " cannot be written\n";
        return exit_code::failure;
    }
    out << meter::recording_head(to->address.url(),
                                 fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))));
    recorder r{session, *to, o, ranges};
    return session.run([&] { return r.run(out); });
}

} // namespace

void add_meter_record(CLI::App& meter, streams io, exit_code& code)
{
    auto options = std::make_shared<record_options>();
    auto* command = meter.add_subcommand("record", "Write every exchange with a device to a file");
    command->footer("Examples:\n"
                    "  kilnwatt meter record tcp://192.0.2.7 -p janitza_umg96rm -o fault.txt --for 5min\n"
                    "  kilnwatt meter record tcp://192.0.2.7 -o fault.txt holding:19026+2 --period 200\n\n"
                    "The file is text, an exchange a line; `kilnwatt meter replay` serves it as a device.");
    add_meter_options(*command, *options);
    add_lease_option(*command, *options);
    command->add_option("RANGES", options->ranges, "Registers; none: every point of the profile");
    command->add_option("-o,--output", options->out, "File to write")->required();
    command->add_option("--period", options->period_ms, "ms from one round to the next")
        ->check(CLI::Range(10, 3'600'000))
        ->capture_default_str();
    command->add_option_function<std::string>(
        "--for", [options](std::string const& text) { options->lasts = parse_span(text); },
        "End after this time; default 10s");
    command->callback([options, io, &code] { code = run_record(*options, io); });
}

} // namespace kilnwatt::cli
