#include "agent/control/production_topics.hpp"

#include "agent/publish/mqtt_transport.hpp"
#include "tests/support/mosquitto_broker.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::control;
using namespace std::chrono_literals;
using kilnwatt::test::mosquitto_broker;
using kilnwatt::test::process;

namespace {

void say(mosquitto_broker const& broker, std::string const& topic, std::string const& payload)
{
    process pub{{"mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(broker.port()), "-q", "1", "-r", "-t", topic,
                 "-m", payload},
                broker.folder().file("pub.log")};
    pub.wait(10s);
}

std::vector<settings::production_settings> two_totals()
{
    return {{"line-1", 0, "mes/line-1", "total.kg", "production_mass", 1e-3},
            {"line-2", 0, "mes/line-2", "", "production_count", 1}};
}

/// A subscription that runs until something holds, at most 20 s.
struct listener {
    explicit listener(mosquitto_broker const& broker, std::vector<settings::production_settings> what = two_totals())
    {
        mqtt::session_options o;
        o.host = "127.0.0.1";
        o.port = broker.port();
        o.client_id = "production-test";
        production_topics::handlers h{
            [this](row r) { rows.push_back(std::move(r)); },
            [this](std::string const& d, std::string const& s) { told.push_back(d + ": " + s); },
            [this](std::string const& d) { gone.push_back(d); },
            [this](std::string const& d, bool s) { silence.push_back(d + (s ? " silent" : " back")); },
            [this](std::string const&, std::string m) { kept.push_back(memory = std::move(m)); },
            [this](std::string const&) { return memory; }};
        production_topics::broker from{publish::mqtt_transports(context.get_executor(), o, {})};
        topics = std::make_unique<production_topics>(context.get_executor(), std::move(from), std::move(what),
                                                     plant_clock{}, std::move(h));
        topics->start();
    }
    ~listener()
    {
        boost::asio::co_spawn(context, topics->stop(), boost::asio::detached);
        context.restart();
        context.run_for(5s);
    }
    template <class Holds>
    bool until(Holds holds)
    {
        auto const end = std::chrono::steady_clock::now() + 20s;
        while (!holds() && std::chrono::steady_clock::now() < end) {
            context.restart();
            context.run_for(20ms);
        }
        return holds();
    }

    boost::asio::io_context context;
    std::vector<row> rows;
    std::vector<std::string> told;
    std::vector<std::string> gone;
    std::vector<std::string> silence;
    std::string memory{"40"};
    std::vector<std::string> kept; ///< each memory
    std::unique_ptr<production_topics> topics;
};

} // namespace

TEST_CASE("production_topics: a total on a topic becomes a reading of its device", "[control][broker][production]")
{
    mosquitto_broker broker;
    broker.start();
    say(broker, "mes/line-1", R"({"total": {"kg": 12400}})");
    say(broker, "mes/line-2", "331\n");
    listener l{broker};
    REQUIRE(l.until([&] { return l.rows.size() == 2; }));
    auto const& first = l.rows[l.rows[0].layout->device == "line-1" ? 0 : 1];
    auto const& second = l.rows[l.rows[0].layout->device == "line-1" ? 1 : 0];
    CHECK(first.layout->columns[0].name == "production_mass");
    CHECK(first.layout->columns[0].unit == "t");
    CHECK(first.layout->columns[0].counter);
    CHECK(scaled_number(first, 0) == Approx(12.4));
    CHECK(second.layout->columns[0].name == "production_count");
    CHECK(scaled_number(second, 0) == 331);
    CHECK(l.told.empty());
}

TEST_CASE("production_topics: what is no total is told once and left out", "[control][broker][production]")
{
    mosquitto_broker broker;
    broker.start();
    listener l{broker};
    say(broker, "mes/line-2", "1e400");
    REQUIRE(l.until([&] { return !l.told.empty(); }));
    say(broker, "mes/line-2", "-3");
    say(broker, "mes/line-2", "7");
    REQUIRE(l.until([&] { return !l.rows.empty(); }));
    CHECK(l.rows.size() == 1);
    CHECK(scaled_number(l.rows[0], 0) == 7);
    CHECK(l.told.size() == 1);
}

TEST_CASE("production_topics: it comes back after the broker did", "[control][broker][production]")
{
    mosquitto_broker broker;
    broker.start();
    listener l{broker};
    say(broker, "mes/line-2", "1");
    REQUIRE(l.until([&] { return l.rows.size() == 1; }));
    broker.restart();
    REQUIRE(l.until([&] { return l.gone == std::vector<std::string>{"line-1", "line-2"}; }));
    REQUIRE(l.until([&] {
        say(broker, "mes/line-2", "5");
        return l.rows.size() >= 2;
    }));
    CHECK(scaled_number(l.rows.back(), 0) == 5);
}

TEST_CASE("production_topics: of a burst the first total counts and the last, a second later",
          "[control][broker][production]")
{
    mosquitto_broker broker;
    broker.start();
    listener l{broker};
    say(broker, "mes/line-2", "1");
    REQUIRE(l.until([&] { return l.rows.size() == 1; }));
    process burst{{"sh", "-c",
                   "printf '2\\n3\\n4\\n5\\n6\\n' | mosquitto_pub -h 127.0.0.1 -p " + std::to_string(broker.port()) +
                       " -q 1 -t mes/line-2 -l"},
                  broker.folder().file("burst.log")};
    REQUIRE(burst.wait(10s) == 0);
    REQUIRE(l.until([&] { return scaled_number(l.rows.back(), 0) == 6; }));
    CHECK(l.rows.size() <= 3);
}

TEST_CASE("production_topics: increments are added to what is remembered, and a silent topic is offline",
          "[control][broker][production]")
{
    mosquitto_broker broker;
    broker.start();
    settings::production_settings const counted{.name = "line-3",
                                                .topic = "mes/line-3",
                                                .point = "production_count",
                                                .increments = true,
                                                .stale_after = 1500ms};
    listener l{broker, {counted}};
    REQUIRE(l.until([&] { return l.rows.size() == 1; })); // subscribed: what is remembered
    CHECK(scaled_number(l.rows[0], 0) == 40);
    say(broker, "mes/line-3", "5");
    REQUIRE(l.until([&] { return scaled_number(l.rows.back(), 0) == 45; }));
    CHECK(l.memory == "45");
    REQUIRE(l.until([&] { return !l.silence.empty(); }));
    CHECK(l.silence.back() == "line-3 silent");
    CHECK(l.gone == std::vector<std::string>{"line-3"});
    say(broker, "mes/line-3", "5");
    REQUIRE(l.until([&] { return scaled_number(l.rows.back(), 0) == 50; }));
    CHECK(l.silence.back() == "line-3 back");
}

TEST_CASE("production_topics: an increment is remembered when it comes, before its reading",
          "[control][broker][production]")
{
    mosquitto_broker broker;
    broker.start();
    listener l{broker, {{.name = "line-3", .topic = "mes/line-3", .point = "production_count", .increments = true}}};
    REQUIRE(l.until([&] { return l.rows.size() == 1; })); // subscribed: what is remembered
    process burst{{"sh", "-c",
                   "printf '1\n2\n4\n' | mosquitto_pub -h 127.0.0.1 -p " + std::to_string(broker.port()) +
                       " -q 1 -t mes/line-3 -l"},
                  broker.folder().file("burst.log")};
    REQUIRE(l.until([&] { return l.kept.size() == 3; }));
    CHECK(l.kept == std::vector<std::string>{"41", "43", "47"}); // whatever is stored at once, and what a second later
    REQUIRE(burst.wait(10s) == 0);
}
