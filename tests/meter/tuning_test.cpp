#include "agent/meter/tuning.hpp"

#include <catch2/catch.hpp>

#include <functional>

using namespace kilnwatt;
using namespace kilnwatt::meter;
using modbus::table;
using kind = trial_result::kind;

namespace {

/// A device with habits, and how many questions it took to learn them.
struct odd_device {
    std::uint16_t block_max = 125;
    milliseconds gap{0};
    milliseconds delay{0};
    std::function<bool(unsigned)> has = [](unsigned) { return true; };
    int asked = 0;

    trial_result operator()(trial const& t)
    {
        ++asked;
        if (t.reconnect ? t.pause < delay : asked > 1 && t.pause < gap && t.range.count == 1 && in_a_row++ > 2)
            return {};
        for (unsigned a = t.range.address; a < t.range.address + unsigned{t.range.count}; ++a)
            if (!has(a))
                return {kind::refused, milliseconds{5}};
        return {t.range.count <= block_max ? kind::words : kind::refused, milliseconds{t.range.count + 10}};
    }
    int in_a_row = 0;
};

tuned tune(odd_device& d, drivers::read_range area = {table::holding_registers, 0, 200})
{
    tuner t{area};
    while (auto const next = t.next()) {
        CHECK(t.progress() <= 1.0);
        t.take(d(*next));
    }
    return t.found();
}

} // namespace

TEST_CASE("tuning: a device without habits needs nothing", "[meter][tuning]")
{
    odd_device d;
    auto const t = tune(d);
    CHECK(t.failure.empty());
    CHECK(t.registers_per_request == 125);
    CHECK(t.request_gap == milliseconds{0});
    CHECK(t.connect_delay == milliseconds{0});
    CHECK(t.holes.empty());
    CHECK(t.slowest == milliseconds{135});
    CHECK(t.response_timeout == milliseconds{450});
    CHECK(d.asked < 60);
}

TEST_CASE("tuning: block size, gap and connect delay are found", "[meter][tuning]")
{
    odd_device d{.block_max = 61, .gap = milliseconds{20}, .delay = milliseconds{200}};
    auto const t = tune(d);
    CHECK(t.failure.empty());
    CHECK(t.registers_per_request == 61);
    CHECK(t.request_gap == milliseconds{20});
    CHECK(t.connect_delay == milliseconds{200});
    CHECK(
        profile_patch(t).find("link    = {connect_delay = \"200 ms\", request_gap = \"20 ms\", response_timeout = ") !=
        std::string::npos);
    CHECK(profile_patch(t).find("limits  = {registers_per_request = 61}") != std::string::npos);
}

TEST_CASE("tuning: holes are found to the register", "[meter][tuning]")
{
    odd_device d;
    d.has = [](unsigned a) { return a != 40 && (a < 100 || a > 109); };
    auto const t = tune(d);
    REQUIRE(t.holes.size() == 2);
    CHECK(t.holes[0] == drivers::read_range{table::holding_registers, 40, 1});
    CHECK(t.holes[1] == drivers::read_range{table::holding_registers, 100, 10});
    CHECK(t.registers_per_request == 90); // as far as the longest run without a hole can tell
    CHECK(profile_patch(t).find("# not there: holding 100 to 109") != std::string::npos);
}

TEST_CASE("tuning: a device that never answers, or has nothing there, is given up with a reason", "[meter][tuning]")
{
    tuner silent{{table::holding_registers, 0, 200}};
    int asked = 0;
    while (silent.next()) {
        silent.take({});
        ++asked;
    }
    CHECK(asked == 5);
    CHECK(silent.found().failure.find("does not answer reliably") != std::string::npos);

    odd_device empty;
    empty.has = [](unsigned) { return false; };
    CHECK(tune(empty).failure.find("no register of this area") != std::string::npos);
}
