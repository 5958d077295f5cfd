#include "agent/cli/meter_commands.hpp"

#include "agent/cli/progress.hpp"
#include "agent/meter/range_text.hpp"
#include "agent/meter/tuning.hpp"
#include "drivers/read_plan.hpp"
#include "protocols/modbus/error.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace kilnwatt::cli {
namespace {

using clock = std::chrono::steady_clock;
constexpr std::uint16_t area_max = 2000;
constexpr std::size_t steps = 1000; ///< of the progress bar

struct tune_options : meter_options {
    std::string area;
};

/// The longest request of the profile's plan.
std::optional<drivers::read_range> area_of(drivers::profile const& p)
{
    auto const plan = drivers::make_read_plan(p.points, {.gap = 0}, {});
    auto const longest = std::max_element(plan.requests.begin(), plan.requests.end(),
                                          [](auto const& a, auto const& b) { return a.range.count < b.range.count; });
    return longest == plan.requests.end() ? std::nullopt : std::optional{longest->range};
}

asio::awaitable<exit_code> tune(meter_session& session, meter_target const& to, drivers::read_range area)
{
    auto timing = to.timing;
    timing.connect_interval = {};
    timing.request_gap = {};
    timing.connect_delay = {};
    auto link = session.open(to.address, timing);
    asio::steady_timer pause{session.context()};
    meter::tuner tuner{area};
    progress bar{session.io(), steps};
    boost::system::error_code last;
    while (auto const next = tuner.next()) {
        bar.show(static_cast<std::size_t>(tuner.progress() * steps), "measuring");
        if (next->reconnect) {
            link->close();
            auto delayed = timing;
            delayed.connect_delay = next->pause;
            link = session.open(to.address, delayed);
        } else if (next->pause.count() > 0) {
            pause.expires_after(next->pause);
            co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
        }
        modbus::read_request const q{to.unit, next->range.from, next->range.address, next->range.count};
        std::vector<std::uint16_t> words(q.count);
        auto const began = clock::now();
        auto const reply = co_await link->read(q, words);
        if (session.interrupted())
            co_return exit_code::interrupted;
        meter::trial_result r;
        if (!next->reconnect)
            r.took = std::chrono::ceil<std::chrono::milliseconds>(clock::now() - began);
        last = reply.has_error() ? reply.error() : boost::system::error_code{};
        if (reply.has_value())
            r.what = meter::trial_result::kind::words;
        else if (modbus::is_refused_address(reply.error()))
            r.what = meter::trial_result::kind::refused;
        tuner.take(r);
    }
    auto const& found = tuner.found();
    if (found.failure.empty()) {
        session.io().out << meter::profile_patch(found);
        co_return exit_code::ok;
    }
    session.io().err << "tune: " << found.failure << '\n';
    if (!last || modbus::is_refused_address(last))
        co_return exit_code::refused;
    modbus::read_request const q{to.unit, area.from, area.address, 1};
    co_return co_await session.explain(last, to.address, to.timing, q);
}

exit_code run_tune(tune_options const& o, streams io)
{
    auto code = exit_code::ok;
    auto const to = find_target(o, io, code);
    if (!to)
        return code;
    std::string why = "say which registers to measure with (holding:0+125), or name a profile (-p)";
    auto const area = !o.area.empty() ? meter::range_of_text(o.area, why)
                      : to->profile   ? area_of(*to->profile)
                                      : std::nullopt;
    if (!area || area->count > area_max || area->from <= modbus::table::discrete_inputs) {
        io.err << "tune: " << (area ? "the area must be 1 to 2000 registers" : why) << '\n';
        return exit_code::usage;
    }
    meter_session session{io};
    if (!session.reach(o, *to, link_use::alone, code))
        return code;
    return session.run([&] { return tune(session, *to, *area); });
}

} // namespace

void add_meter_tune(CLI::App& meter, streams io, exit_code& code)
{
    auto options = std::make_shared<tune_options>();
    auto* command = meter.add_subcommand("tune", "Measure the pauses, timeout and block size a device needs");
    command->footer("Examples:\n"
                    "  kilnwatt meter tune tcp://192.0.2.7 holding:19000+130\n"
                    "  kilnwatt meter tune tcp://192.0.2.7 -p janitza_umg96rm\n\n"
                    "Prints the lines of a profile; registers the device does not have are named in comments.");
    add_meter_options(*command, *options);
    add_lease_option(*command, *options);
    command->add_option("AREA", options->area, "Registers to measure with; none: the longest request of the profile");
    command->callback([options, io, &code] { code = run_tune(*options, io); });
}

} // namespace kilnwatt::cli
