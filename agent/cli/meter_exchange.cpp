#include "core/meter_exchange.hpp"

#include "agent/cli/commands.hpp"
#include "agent/cli/doubted_windows.hpp"
#include "agent/cli/meter_commands.hpp"
#include "agent/cli/stored_entries.hpp"
#include "agent/cli/time_argument.hpp"
#include "agent/control/site_plan.hpp"
#include "agent/journal/inbox.hpp"
#include "core/point_names.hpp"
#include "core/spelling.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <ostream>

namespace kilnwatt::cli {
namespace {

struct exchange_options {
    std::string site, at, unit;
    meter_exchange what;
};

/// Readings as a display shows them; nothing for a unit that the point does not have.
std::optional<double> factor_to(std::string_view point_unit, std::string_view unit)
{
    struct spelling {
        std::string_view point, text;
        double factor;
    };
    constexpr spelling known[]{
        {"Wh", "kWh", 1e3}, {"Wh", "MWh", 1e6}, {"Wh", "GJ", 1e9 / 3600}, {"varh", "kvarh", 1e3}, {"kg", "t", 1e3}};
    if (unit == point_unit)
        return 1;
    for (auto const& s : known)
        if (s.point == point_unit && s.text == unit)
            return s.factor;
    return std::nullopt;
}

/// Counters that the device's profile reads; none of a SunSpec device, whose models are not known here.
std::vector<std::string> counters_of(std::string const& site_file, std::string const& device)
{
    std::vector<std::string> found;
    for (auto const& x : control::columns_of(control::plan_site(site_file), device))
        if (x.counter)
            found.push_back(x.name);
    return found;
}

/// What is wrong with the point; "" = nothing. The reading of a counter that the device lacks would close no gap.
std::string check_point(exchange_options const& o)
{
    auto const& x = o.what;
    auto const counters = counters_of(o.site, x.device);
    if (counters.empty() || std::find(counters.begin(), counters.end(), x.point) != counters.end())
        return {};
    auto const near = nearest(x.point, {counters.begin(), counters.end()}, 1);
    return fmt::format("{} has no counter '{}'; name one of its own, for example {}", x.device, x.point,
                       near.empty() ? counters.front() : near.front());
}

/// What is wrong with the arguments; "" = nothing. Brings the readings to the point's unit.
std::string check(settings::site const& site, exchange_options& o)
{
    auto& x = o.what;
    auto const& all = site.devices;
    if (std::none_of(all.begin(), all.end(), [&](auto const& d) { return d.name == x.device; }))
        return fmt::format("there is no device '{}' in {}; name one of its devices", x.device, o.site);
    auto const meaning = point_meaning_of(x.point);
    if (!meaning || meaning->kind != point_kind::counter)
        return fmt::format("'{}' is no counter; name the counter of the meter, for example active_energy_import",
                           x.point);
    if (auto const mistake = check_point(o); !mistake.empty())
        return mistake;
    x.unit = meaning->unit;
    auto const factor = factor_to(x.unit, o.unit);
    if (!factor)
        return fmt::format("{} is not counted in '{}'; give the readings in {}", x.point, o.unit,
                           x.unit == "Wh" ? "kWh" : x.unit);
    x.final_reading *= *factor;
    x.first_reading *= *factor;
    return {};
}

exit_code run(exchange_options o, streams io)
{
    auto const site = site_of(o.site, io);
    if (!site)
        return exit_code::bad_config;
    if (auto const mistake = check(*site, o); !mistake.empty()) {
        io.err << "exchange: " << mistake << '\n';
        return exit_code::usage;
    }
    auto const now = std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
    o.what.at = parse_time(o.at, now);
    auto const held = read_entries(site->journal.path, io);
    if (!held)
        return exit_code::failure;
    auto const& x = o.what;
    auto const same = std::find(held->exchanges.begin(), held->exchanges.end(), x) != held->exchanges.end();
    std::string why;
    if (!same && journal::deposit(site->journal.path, {to_row(x)}, why).has_error()) {
        io.err << why << '\n';
        return exit_code::failure;
    }
    io.out << fmt::format("{}.{}: the exchange of {} is {}\n", x.device, x.point, to_text(x.at),
                          same ? "stored already" : "stored");
    auto const doubted = doubted_windows(site->journal.path, x, io);
    if (!doubted)
        return exit_code::failure;
    if (doubted->empty())
        return exit_code::ok;
    auto const late = now - x.at > site->gap_total_max;
    io.out << (late ? "without these readings closed, and too long ago to be told again (energy.gap_total_max):\n"
                    : "in doubt without them; a running agent tells them again within minutes, with revision + 1:\n");
    for (auto const& w : *doubted)
        io.out << "  " << w << '\n';
    return exit_code::ok;
}

} // namespace

void add_meter_exchange(CLI::App& meter, streams io, exit_code& code)
{
    auto o = std::make_shared<exchange_options>();
    auto* c = meter.add_subcommand("exchange", "Store the last reading of an old meter and the first of the new one");
    c->footer("What the old meter counted after its last reading here, and the new one before its first, is then kept\n"
              "instead of being unknown. Told before the exchange or within a day after it; twice changes\n"
              "nothing. Windows that closed without them are listed, and told again by the agent.\n"
              "Example:\n  kilnwatt meter exchange -c site.toml mill active_energy_import --at 2026-03-15T08:20 \\\n"
              "      --final 48211.7 --first 0.3 --unit kWh --source protocol-17 --author Li");
    c->add_option("DEVICE", o->what.device, "Device of the site file")->required();
    c->add_option("POINT", o->what.point, "Its counter, for example active_energy_import")->required();
    c->add_option("-c,--config", o->site, "Site file")->required();
    c->add_option("--at", o->at, "When, in UTC: 2026-03-15T08:20, or how long ago: 2h")->required();
    c->add_option("--final", o->what.final_reading, "Last reading of the old meter")
        ->required()
        ->check(not_below_0, "NUMBER");
    c->add_option("--first", o->what.first_reading, "First reading of the new meter")
        ->required()
        ->check(not_below_0, "NUMBER");
    c->add_option("--unit", o->unit, "Of both: kWh, MWh, GJ, Wh, kvarh, m3, kg or t")->required();
    c->add_option("--source", o->what.source, "Where the readings come from")->required();
    c->add_option("--author", o->what.author, "Who vouches for them")->required();
    c->callback([o, io, &code] { code = run(*o, io); });
}

} // namespace kilnwatt::cli
