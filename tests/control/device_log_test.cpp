#include "agent/control/device_log.hpp"

#include <catch2/catch.hpp>

#include <chrono>

using namespace kilnwatt;
using namespace kilnwatt::control;
using namespace std::chrono_literals;
using poll::health;

namespace {

/// Asks every 5 s, as the agent does, from `from` until `until`.
std::vector<std::string> told(device_log& log, mono_time from, mono_time until)
{
    std::vector<std::string> lines;
    for (auto now = from; now < until; now += 5s)
        for (auto const& l : log.due(now))
            lines.push_back(l.text);
    return lines;
}

} // namespace

TEST_CASE("device_log: a change of state is one line, and what stays offline one an hour", "[control][device_log]")
{
    device_log log;
    CHECK(log.changed("press", health::online, "", mono_time{1s})->text == "device press is online");
    CHECK(log.changed("press", health::suspect, "no answer", mono_time{2s})->text ==
          "device press is suspect: no answer");
    auto const offline = log.changed("press", health::offline, "no answer", mono_time{3s});
    CHECK(offline->text == "device press is offline: no answer");
    CHECK(offline->state == health::offline);
    CHECK(told(log, mono_time{3s}, mono_time{3h}) ==
          std::vector<std::string>{"device press has been offline for 1 h: no answer",
                                   "device press has been offline for 2 h: no answer"});
    CHECK(log.changed("press", health::online, "", mono_time{3h})->text == "device press is online");
    CHECK(told(log, mono_time{3h}, mono_time{30h}).empty());
}

TEST_CASE("device_log: a device that sleeps is told once when it falls asleep and once when it wakes",
          "[control][device_log]")
{
    device_log log;
    CHECK(log.changed("pv", health::online, "", mono_time{1s}));
    CHECK(log.changed("pv", health::suspect, "no answer", mono_time{2s}));
    CHECK(log.changed("pv", health::asleep, "no answer", mono_time{3s})->text == "device pv is asleep: no answer");
    CHECK(told(log, mono_time{3s}, mono_time{14h}).empty());
    CHECK(log.changed("pv", health::online, "", mono_time{14h})->text == "device pv is online");
}

TEST_CASE("device_log: a device whose state changes every second takes ten lines and then one an hour",
          "[control][device_log]")
{
    device_log log;
    std::vector<std::string> lines;
    auto const flicker = [&](mono_time from, mono_time until) {
        lines.clear();
        for (auto now = from; now < until; now += 1s) {
            auto const good = (now - from) / 1s % 2 == 0;
            auto const l = log.changed("pump", good ? health::online : health::suspect, good ? "" : "no answer", now);
            if (l)
                lines.push_back(l->text);
            for (auto const& d : log.due(now))
                lines.push_back(d.text);
        }
    };
    flicker(mono_time{0s}, mono_time{24h});
    REQUIRE(lines.size() == 10 + 23);
    CHECK(lines[8] == "device pump is online");
    CHECK(lines[9] == "device pump is suspect: no answer; it changes often, which is told once an hour from now on");
    CHECK(lines[10] == "device pump is suspect after 3600 more changes of its state: no answer");

    SECTION("a calm hour makes each change a line again")
    {
        CHECK(told(log, mono_time{24h}, mono_time{26h}).size() == 1);
        flicker(mono_time{26h}, mono_time{26h + 5s});
        CHECK(lines.size() == 5);
    }
    SECTION("another device has lines of its own")
    {
        CHECK(log.changed("fan", health::online, "", mono_time{24h}));
    }
}
