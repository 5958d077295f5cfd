#include "agent/poll/link_poller.hpp"
#include "protocols/modbus/error.hpp"
#include "tests/support/await.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <catch2/catch.hpp>

#include <map>

using namespace kilnwatt;
using namespace kilnwatt::poll;
using namespace std::chrono_literals;

namespace {

/// A link whose units answer with their number in every register, or keep silent.
class fake_link : public modbus::link {
public:
    explicit fake_link(asio::any_io_executor executor) : timer_{executor} {}

    asio::awaitable<result<void>> read(modbus::read_request request, std::span<std::uint16_t> words) override
    {
        ++asked[request.unit];
        closed = false;
        ++statistics_.requests;
        timer_.expires_after(silent[request.unit] ? 2ms : 0ms);
        auto const [error] = co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
        if (error)
            co_return modbus::make_error_code(modbus::errc::cancelled);
        if (silent[request.unit])
            co_return modbus::make_error_code(modbus::errc::timeout);
        for (auto& w : words.first(request.count))
            w = request.unit;
        co_return boost::system::in_place_value;
    }

    asio::awaitable<result<void>> write(modbus::write_request) override
    {
        FAIL("polling never writes");
        co_return modbus::make_error_code(modbus::errc::bad_request);
    }

    void close() override
    {
        closed = true;
        ++closings;
    }
    bool is_open() const override { return !closed; }
    modbus::link_statistics const& statistics() const override { return statistics_; }
    link_address const& address() const override { return address_; }

    std::map<int, bool> silent;
    std::map<int, int> asked;
    bool closed = false;
    int closings = 0;

private:
    asio::steady_timer timer_;
    modbus::link_statistics statistics_;
    link_address address_;
};

polled_device meter(std::string name, std::uint8_t unit)
{
    drivers::profile p;
    p.id = "test";
    drivers::point power;
    power.name = "active_power";
    power.unit = "W";
    power.poll = drivers::poll_class::fast;
    p.points = {power};
    return {drivers::device{std::move(name), unit, std::move(p)}};
}

struct plant {
    asio::io_context context{1};
    fake_link* link = nullptr;
    std::map<std::string, int> readings;
    std::vector<std::string> changes;
    std::vector<bool> pauses;
    int asked_at_pause = 0; ///< requests to unit 1 when a pause began or ended
    std::unique_ptr<link_poller> poller;

    explicit plant(std::vector<polled_device> devices, link_policy policy = {})
    {
        auto owned = std::make_unique<fake_link>(context.get_executor());
        link = owned.get();
        poll_listener listener{
            [this](row r) { ++readings[r.layout->device]; },
            [this](std::string const& device, health h, std::string const&) {
                changes.push_back(device + " " + std::string{to_string(h)});
            },
            {},
            {},
            [this](link_address const&, std::optional<milliseconds> lasts) {
                pauses.push_back(lasts.has_value());
                asked_at_pause = link->asked[1];
            },
        };
        // A plant second takes a machine millisecond.
        plant_clock const clock{
            utc_time{1'000'000s},
            utc_time{std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch())},
            1000};
        poller = std::make_unique<link_poller>(context.get_executor(), std::move(owned), std::move(devices), clock,
                                               std::move(listener), 0, policy);
    }

    template <class F>
    bool run_until(F done)
    {
        return test::run_until(context, std::move(done));
    }

    void stop() { test::await(context, poller->stop()); }
};

} // namespace

TEST_CASE("link_poller: every device of a link is polled and its readings are handed on", "[poll][link_poller]")
{
    plant p{{meter("a", 1), meter("b", 2)}};
    p.poller->start();
    CHECK(p.run_until([&] { return p.readings["a"] >= 20 && p.readings["b"] >= 20; }));
    p.stop();
    CHECK(p.link->closed);
    CHECK(p.changes == std::vector<std::string>{"a online", "b online"});
    CHECK(p.poller->counts(0).polls >= 20);
    CHECK(p.poller->counts(0).failed == 0);
}

TEST_CASE("link_poller: a silent device goes offline, is probed, and comes back", "[poll][link_poller]")
{
    plant p{{meter("a", 1), meter("b", 2)}};
    p.link->silent[2] = true;
    p.poller->start();
    REQUIRE(p.run_until([&] { return p.poller->state(1) == health::offline && p.readings["a"] >= 20; }));
    CHECK(p.readings["b"] == 0);
    auto const asked = p.link->asked[2];
    p.link->silent[2] = false;
    CHECK(p.run_until([&] { return p.readings["b"] >= 5; }));
    CHECK(p.link->asked[2] > asked);
    p.stop();
    CHECK(p.changes == std::vector<std::string>{"a online", "b offline", "b online"});
}

TEST_CASE("link_poller: a stop in the middle of an exchange ends it", "[poll][link_poller]")
{
    plant p{{meter("a", 1)}};
    p.link->silent[1] = true;
    p.poller->start();
    REQUIRE(p.run_until([&] { return p.link->asked[1] >= 3; }));
    p.stop();
    auto const asked = p.link->asked[1];
    p.context.run_for(20ms);
    CHECK(p.link->asked[1] == asked);
}

TEST_CASE("link_poller: a stop before the first poll, and without any device, ends too", "[poll][link_poller]")
{
    plant none{{}};
    none.poller->start();
    none.stop();
    plant one{{meter("a", 1)}};
    one.stop();
    CHECK(one.readings.empty());
}

TEST_CASE("link_poller: a device counts as offline after as many failures as the link says", "[poll][link_poller]")
{
    plant p{{meter("a", 1)}, {.offline_after = 5}};
    p.link->silent[1] = true;
    p.poller->start();
    REQUIRE(p.run_until([&] { return p.poller->state(0) == health::offline; }));
    CHECK(p.poller->counts(0).failed == 5);
    p.stop();
}

TEST_CASE("link_poller: a guest is answered between polls, and neither health nor counts show it",
          "[poll][link_poller][guests]")
{
    plant p{{meter("a", 1)}};
    p.link->silent[9] = true;
    p.poller->start();
    REQUIRE(p.run_until([&] { return p.readings["a"] >= 3; }));
    std::vector<std::uint16_t> words;
    boost::system::error_code silent;
    int answers = 0;
    CHECK(p.poller->ask(1, {{7, modbus::table::holding_registers, 0, 2}, [&](auto ec, auto w) {
                                CHECK_FALSE(ec);
                                words = w;
                                ++answers;
                            }}));
    CHECK_FALSE(p.poller->ask(1, {}));
    CHECK(p.poller->ask(2, {{9, modbus::table::holding_registers, 0, 2}, [&](auto ec, auto) {
                                silent = ec;
                                ++answers;
                            }}));
    REQUIRE(p.run_until([&] { return answers == 2; }));
    CHECK(words == std::vector<std::uint16_t>{7, 7});
    CHECK(silent == modbus::errc::timeout);
    p.stop();
    CHECK(p.changes == std::vector<std::string>{"a online"});
    CHECK(p.poller->counts(0).polls == static_cast<std::uint64_t>(p.link->asked[1]));
    CHECK(p.poller->statistics().requests == static_cast<std::uint64_t>(p.link->asked[1]));
    CHECK(p.poller->link().statistics().requests == p.poller->statistics().requests + 2);
}

TEST_CASE("link_poller: a guest that leaves is not asked for, and one that waits at a stop is told",
          "[poll][link_poller][guests]")
{
    plant p{{meter("a", 1)}};
    p.poller->start();
    REQUIRE(p.run_until([&] { return p.readings["a"] >= 1; }));
    boost::system::error_code told;
    CHECK(p.poller->ask(1, {{7}, [&](auto, auto) { FAIL("it has left"); }}));
    p.poller->leave(1);
    CHECK(p.poller->ask(2, {{8}, [&](auto ec, auto) { told = ec; }}));
    p.stop();
    CHECK(p.link->asked[7] == 0);
    CHECK(told == modbus::errc::cancelled);
    CHECK_FALSE(p.poller->ask(3, {{8}, {}}));
}

TEST_CASE("link_poller: a lease closes the link and pauses polling until it ends by itself",
          "[poll][link_poller][guests]")
{
    plant p{{meter("a", 1)}};
    p.poller->start();
    REQUIRE(p.run_until([&] { return p.readings["a"] >= 3; }));
    int asked = 0;
    bool granted = false;
    CHECK(p.poller->lease(1, 60s, [&] { // 60 ms of the machine
        granted = true;
        asked = p.link->asked[1];
        CHECK(p.link->closed);
    }));
    CHECK_FALSE(p.poller->lease(2, 1s, {}));
    REQUIRE(p.run_until([&] { return granted; }));
    REQUIRE(p.run_until([&] { return p.pauses.size() == 2; }));
    CHECK(p.asked_at_pause == asked);
    CHECK(p.pauses == std::vector<bool>{true, false});
    CHECK_FALSE(p.poller->paused_for());
    CHECK(p.run_until([&] { return p.link->asked[1] >= asked + 3; }));
    p.stop();
}

TEST_CASE("link_poller: a lease ends with its holder", "[poll][link_poller][guests]")
{
    plant p{{meter("a", 1)}};
    p.poller->start();
    CHECK(p.poller->lease(1, 600s, {}));
    REQUIRE(p.run_until([&] { return p.pauses.size() == 1; }));
    CHECK(p.poller->paused_for());
    p.poller->leave(1);
    CHECK(p.run_until([&] { return p.pauses.size() == 2 && p.readings["a"] >= 3; }));
    p.stop();
}

TEST_CASE("link_poller: a link that is closed after a poll is open only while something is due", "[poll][link_poller]")
{
    plant p{{meter("a", 1)}, {.close_after_poll = true}};
    p.poller->start();
    REQUIRE(p.run_until([&] { return p.readings["a"] >= 5; }));
    CHECK(p.link->closings >= 4);
    p.stop();

    plant kept{{meter("a", 1)}};
    kept.poller->start();
    REQUIRE(kept.run_until([&] { return kept.readings["a"] >= 5; }));
    CHECK(kept.link->closings == 0);
    kept.stop();
}
