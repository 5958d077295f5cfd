#include "agent/control/log.hpp"
#include "agent/control/watchdog.hpp"

#include <catch2/catch.hpp>

#include <chrono>

using namespace kilnwatt;
using namespace kilnwatt::control;
using namespace std::chrono_literals;

TEST_CASE("watchdog: polls and store must both move", "[control][watchdog]")
{
    watchdog w{10s};
    CHECK(w.alive(mono_time{0s}, 0, 0, false));
    CHECK(w.alive(mono_time{9s}, 1, 1, false));
    CHECK(w.alive(mono_time{19s}, 1, 1, false));

    SECTION("a hanging store is not alive")
    {
        CHECK_FALSE(w.alive(mono_time{20s}, 2, 1, false));
        CHECK(w.alive(mono_time{21s}, 2, 2, false));
    }
    SECTION("hanging polls are not alive")
    {
        CHECK_FALSE(w.alive(mono_time{20s}, 1, 2, false));
    }
    SECTION("unless there is nothing to poll")
    {
        CHECK(w.alive(mono_time{20s}, 1, 2, true));
    }
}

TEST_CASE("log: control characters from outside are written as their numbers", "[control][log]")
{
    CHECK(printable("a\nb\x1b[31m") == "a\\x0ab\\x1b[31m");
    CHECK(printable("质量 good") == "质量 good");
    CHECK(printable(std::string(5000, 'x')).size() < 2'010);
}
