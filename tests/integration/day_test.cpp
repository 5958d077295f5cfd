#include "demo_plant.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <chrono>
#include <cmath>
#include <sstream>
#include <thread>

using namespace kilnwatt::test;
using namespace std::chrono_literals;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true; // the agent is several times slower
#else
constexpr bool sanitized = false;
#endif
constexpr int rate = sanitized ? 180 : 720; // a day in two minutes, or a quarter of it
constexpr std::chrono::hours day{sanitized ? 6 : 24};
constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t day_start_ms = 1'782'000'000'000 / minute_ms * minute_ms; // 20 June 2026, 08:00 in Liling

using figures = std::map<std::string, double>;

/// Cumulative truth at each plant minute, from the simulator's CSV.
std::map<std::int64_t, figures> read_truth(std::string const& path)
{
    std::istringstream in{read_text_file(path)};
    std::string line;
    std::getline(in, line);
    std::vector<std::string> names;
    std::istringstream head{line};
    for (std::string name; std::getline(head, name, ',');)
        names.push_back(name);
    std::map<std::int64_t, figures> rows;
    while (std::getline(in, line)) {
        std::istringstream fields{line};
        std::string field;
        std::getline(fields, field, ',');
        auto& row = rows[std::stoll(field)];
        for (std::size_t i = 1; i < names.size() && std::getline(fields, field, ','); ++i)
            row[names[i]] = std::stod(field);
    }
    return rows;
}

/// The agent's one-minute figures as they reached the subscriber, by start of the window; the highest revision wins.
std::map<std::int64_t, figures> read_kpis(demo_plant const& plant)
{
    std::map<std::int64_t, figures> windows;
    for (auto const& [topic, payload] : plant.messages("/kpi/PT1M")) {
        boost::json::error_code error;
        auto const parsed = boost::json::parse(payload, error);
        if (error)
            continue;
        auto& window = windows[parsed.at("start").to_number<std::int64_t>()];
        for (auto const& [name, metric] : parsed.at("metrics").as_object())
            if (auto const& value = metric.at("value"); value.is_number())
                window[std::string{name}] = value.to_number<double>();
    }
    return windows;
}

double sum(std::map<std::int64_t, figures> const& windows, std::string const& metric, std::int64_t from,
           std::int64_t to)
{
    double total = 0;
    for (auto at = windows.lower_bound(from); at != windows.end() && at->first < to; ++at)
        if (auto const f = at->second.find(metric); f != at->second.end())
            total += f->second;
    return total;
}

} // namespace

// Everything real: simulator, Modbus on three kinds of link, store, broker, subscriber; only the clock is faster.
TEST_CASE("a day of the plant: the figures that reach the subscriber agree with the simulator's truth",
          "[integration][day]")
{
    auto const now_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count();
    demo_plant plant{{
        .clock = std::to_string(day_start_ms) + "@" + std::to_string(now_ms) + "*" + std::to_string(rate),
        .replace = {{"counters = \"10 s\"", "counters = \"60 s\", fast = \"20 s\""},
                    {"fast = \"2 s\", counters", "counters"},
                    {"role    = \"motor\"", "role    = \"motor\"\npoll    = {fast = \"20 s\"}"},
                    {"role    = \"weather\"", "role    = \"weather\"\npoll    = {fast = \"20 s\"}"},
                    {"role    = \"kiln\"", "role    = \"kiln\"\npoll    = {fast = \"20 s\"}"},
                    {"[journal]\n", "[journal]\ncommit = \"10 s\"\n"},
                    {"close_delay = \"15 s\"", "close_delay = \"120 s\""}},
    }};
    plant.start_broker();
    plant.start_subscriber();
    plant.start_simulator();
    plant.start_agent();
    std::this_thread::sleep_for(std::chrono::milliseconds{day} / rate + 3s);
    CHECK(plant.stop_agent(10s) == 0);
    plant.stop_simulator();

    auto const truth = read_truth(plant.truth_series());
    auto const windows = read_kpis(plant);
    REQUIRE(windows.size() > static_cast<std::size_t>(std::chrono::minutes{day}.count()) - 40);
    auto const from = std::next(windows.begin(), 10)->first;
    auto const to = std::prev(windows.end(), 5)->first;
    REQUIRE(truth.count(from) == 1);
    REQUIRE(truth.count(to) == 1);
    auto const true_sum = [&](std::string const& name) { return truth.at(to).at(name) - truth.at(from).at(name); };
    std::ostringstream table;
    auto const agrees = [&](std::string const& metric, std::string const& name, double tolerance) {
        auto const agent = sum(windows, metric, from, to);
        auto const actual = true_sum(name);
        if (sanitized && actual == 0) // the battery rests in a quarter of a day
            return;
        auto const off = (agent - actual) / actual;
        table << metric << ": agent " << agent << ", truth " << actual << ", off " << off * 100 << " %\n";
        CHECK(std::abs(off) <= tolerance);
    };
    // By device: a minute in which one device's counter was not read has no plant sum, and its energy comes later.
    agrees("pv_roof_1.e", "pv-roof-1.e", 0.005);
    agrees("pv_roof_2.e", "pv-roof-2.e", 0.005);
    agrees("grid.e_imp", "grid.e_imp", 0.005);
    agrees("bat.e_dis", "bat.e_dis", 0.005);
    agrees("bat.e_cha", "bat.e_cha", 0.005);
    agrees("ball_mill_meter.e", "ball-mill-meter.e", 0.005);
    agrees("press_meter.e", "press-meter.e", 0.005);
    agrees("kiln_meter.e", "kiln-meter.e", 0.005);
    agrees("heat.q", "heat.q", 0.005);
    agrees("production.mass", "production.m", 0.005);
    agrees("tce.total", "tce.total", 0.005);
    auto const agent_unit = sum(windows, "tce.total", from, to) / sum(windows, "production.mass", from, to);
    auto const true_unit = true_sum("tce.total") / true_sum("production.m");
    table << "kgce/t: agent " << agent_unit << ", truth " << true_unit << "\n";
    CHECK(std::abs(agent_unit / true_unit - 1) <= 0.01);
    WARN(table.str() << "windows " << windows.size());
}
