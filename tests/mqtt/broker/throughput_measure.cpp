#include "protocols/mqtt/session.hpp"
#include "tests/support/await.hpp"
#include "tests/support/mosquitto_broker.hpp"

#include <catch2/catch.hpp>
#include <sys/resource.h>

#include <functional>
#include <string>

using namespace kilnwatt;
using namespace kilnwatt::mqtt;

namespace {

double cpu_seconds()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    auto const seconds = [](timeval const& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

} // namespace

/// Not a test but a measurement, run on request: test_mqtt_broker "[measure]" -s
TEST_CASE("session: messages a second through the window, and their cost", "[.][measure]")
{
    auto const qos = GENERATE(1, 0);
    auto const version = GENERATE(5, 4);
    test::mosquitto_broker broker;
    broker.start({"allow_anonymous true", "log_type none"});
    asio::io_context io{1};
    session_options o;
    o.host = "127.0.0.1";
    o.port = broker.port();
    o.client_id = "sender";
    o.version = version;
    session s{io.get_executor(), o};
    REQUIRE(test::await(io, s.connect()).has_value());

    constexpr int total = 200'000;
    std::string const payload(300, 'x');
    auto sent = 0;
    auto confirmed = 0;
    std::function<void()> const feed = [&] {
        for (; sent < total && s.window_free() > 0; ++sent)
            s.publish({"plant/kiln-1/readings", payload, qos, false, std::nullopt}, [&](boost::system::error_code ec) {
                confirmed += ec ? 0 : 1;
                feed();
            });
    };
    auto const begin = std::chrono::steady_clock::now();
    auto const cpu = cpu_seconds();
    feed();
    REQUIRE(test::run_until(io, [&] { return confirmed == total; }));
    auto const wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    WARN("MQTT " << version << " QoS " << qos << ": " << static_cast<int>(total / wall) << " messages/s, "
                 << 1e6 * (cpu_seconds() - cpu) / total << " us CPU a message");
}
