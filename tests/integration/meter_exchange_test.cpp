#include "demo_plant.hpp"

#include "agent/journal/journal_reader.hpp"
#include "tests/support/places.hpp"

#include <catch2/catch.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

using namespace kilnwatt;
using namespace kilnwatt::test;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t start_ms = 1'782'000'000'000; // 20 June 2026, 08:00 in Liling
constexpr auto meter = "ball-mill-meter";
constexpr auto counter = "active_energy_import";

/// What the journal holds of the meter, in order.
std::vector<record> stored(demo_plant const& plant, stream kind)
{
    std::string why;
    auto reader = journal::journal_reader::open(plant.journal(), why);
    std::vector<record> all;
    if (reader.has_error())
        return all; // not there yet
    journal::record_filter wanted;
    wanted.streams = {kind};
    (void)reader->for_each_record(wanted, [&](record const& r) {
        if (r.device() == meter || (kind == stream::event && r.data.texts.at(1) == meter))
            all.push_back(r);
        return true;
    });
    return all;
}

struct count {
    utc_time at;
    double value = 0;
};

std::vector<count> counts(demo_plant const& plant)
{
    std::vector<count> all;
    for (auto const& r : stored(plant, stream::readings))
        for (std::size_t i = 0; i < r.data.cells.size(); ++i)
            if (r.data.layout->columns[i].name == counter && r.data.cells[i].present)
                all.push_back({r.data.time.utc, scaled_number(r.data, i)});
    return all;
}

bool told(demo_plant const& plant, std::string const& kind)
{
    auto const events = stored(plant, stream::event);
    return std::any_of(events.begin(), events.end(), [&](record const& r) { return r.data.texts.at(0) == kind; });
}

/// Gains of the one-minute windows that begin at or after `from`; each window's newest revision.
double gained(demo_plant const& plant, utc_time from)
{
    std::map<double, double> minutes;
    for (auto const& r : stored(plant, stream::window_1m))
        for (std::size_t i = 0; i < r.data.cells.size(); ++i)
            if (r.data.layout->columns[i].name == std::string{counter} + ".delta")
                minutes[scaled_number(r.data, 0)] = scaled_number(r.data, i);
    auto sum = 0.0;
    for (auto const& [start, delta] : minutes)
        if (start >= static_cast<double>(from.time_since_epoch().count()) && !std::isnan(delta))
            sum += delta;
    return sum;
}

} // namespace

// Real Modbus, real store; the clock is 30 times as fast.
TEST_CASE(
    "a meter is exchanged under a running agent: what both showed is told on the command line, and no energy is lost",
    "[integration][exchange]")
{
    auto const now = std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch());
    demo_plant plant{{.clock = fmt::format("{}@{}*30", start_ms, now.count())}};
    plant.start_simulator();
    plant.start_agent();
    INFO(plant.log("agent"));
    REQUIRE(eventually([&] { return counts(plant).size() >= 20; }, 60s));

    plant.stop_simulator(); // everything is taken out, and other meters take its place
    auto const before = counts(plant);
    plant.start_simulator("2");
    REQUIRE(eventually([&] { return told(plant, "meter_replaced"); }, 60s));
    auto const after = counts(plant);
    REQUIRE(after.size() > before.size());
    auto const last = before.back();
    auto const first = after[before.size()];
    REQUIRE(std::abs(first.value - last.value) > 1e6);

    constexpr double unseen = 20'000; // Wh that each of them counted while the agent did not see it
    auto const at = fmt::format(
        "{:%Y-%m-%dT%H:%M}",
        fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::time_point{
            std::chrono::duration_cast<std::chrono::system_clock::duration>(first.at.time_since_epoch())})));
    std::vector<std::string> const command{KILNWATT_PROGRAM,
                                           "meter",
                                           "exchange",
                                           meter,
                                           counter,
                                           "-c",
                                           plant.site(),
                                           "--at",
                                           at,
                                           "--final",
                                           fmt::format("{:.3f}", last.value + unseen),
                                           "--first",
                                           fmt::format("{:.3f}", first.value - unseen),
                                           "--unit",
                                           "Wh",
                                           "--source",
                                           "protocol-17",
                                           "--author",
                                           "Li"};
    CHECK(process{command, plant.folder().file("exchange.log")}.wait(30s) == 0);
    INFO(plant.log("exchange"));
    REQUIRE(eventually([&] { return told(plant, "meter_exchanged"); }, 60s));

    auto const from = std::chrono::ceil<std::chrono::minutes>(before.front().at);
    auto const so_far = counts(plant).size();
    REQUIRE(eventually([&] { return counts(plant).size() >= so_far + 20; }, 60s));
    CHECK(plant.stop_agent(10s) == 0);
    plant.stop_simulator();
    auto const all = counts(plant);
    auto const seen = last.value - before.front().value + all.back().value - first.value;
    CHECK(gained(plant, from) ==
          Approx(seen + 2 * unseen).margin(8'000)); // the first and last minutes are open, one is bad
}
