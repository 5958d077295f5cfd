#include "agent/publish/journal_records.hpp"
#include "agent/publish/sink.hpp"
#include "protocols/sparkplug/payload.hpp"
#include "tests/support/await.hpp"
#include "tests/publish/publish_fixtures.hpp"
#include "tests/support/mosquitto_broker.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include <fstream>
#include <optional>
#include <sstream>

using namespace kilnwatt;
using namespace kilnwatt::publish;
using namespace kilnwatt::publish::test;
using namespace std::chrono_literals;
using kilnwatt::test::await;
using kilnwatt::test::mosquitto_broker;
using kilnwatt::test::process;
using kilnwatt::test::read_text_file;
using kilnwatt::test::run_until;

namespace {

/// One run of the agent with a Sparkplug sink on a journal that may be older than it.
struct life {
    plant_clock clock;
    boost::asio::io_context io;
    std::unique_ptr<journal::journal> ledger;
    std::optional<journal_records> source;
    std::optional<publish::sink> sink;
    layout_ptr meter = power_layout("meter-1");

    life(mosquitto_broker const& broker, std::string const& path)
    {
        std::string why;
        auto opened = journal::journal::open({.path = path, .commit = 5ms}, clock, why);
        REQUIRE(opened.has_value());
        ledger = std::move(*opened);
        source.emplace(*ledger);
        sink_options o;
        o.name = "scada";
        o.agent_version = "0.1.0";
        o.session.host = "127.0.0.1";
        o.session.port = broker.port();
        o.session.client_id = "gateway";
        o.session.version = 4;
        o.sparkplug = sparkplug_options{.group = "Liling", .node = "plant-2", .datatype_in_data = true};
        sink.emplace(io.get_executor(), o, *source, device_catalogue{}, clock);
        ledger->on_commit([this](batch_ptr committed) {
            boost::asio::post(io, [this, committed] { sink->on_committed(committed); });
        });
        ledger->start();
        sink->start();
        sink->set_availability("meter-1", availability::online);
    }

    void append(std::int64_t watts)
    {
        auto r = power_record(meter, 0, 0, watts).data;
        r.time = clock.now();
        auto const before = ledger->head();
        REQUIRE(ledger->append(std::move(r)));
        REQUIRE(run_until(io, [&] { return ledger->head() > before; }));
    }

    bool connected()
    {
        return run_until(io, [&] { return sink->statistics().connected; });
    }

    bool published(std::uint64_t n)
    {
        return run_until(io, [&] { return sink->statistics().totals.published >= n; });
    }

    void end()
    {
        await(io, sink->stop());
        ledger->stop();
    }
};

struct line {
    std::string verb, device, seq, metrics;
};

std::vector<line> split(std::string const& text)
{
    std::vector<line> all;
    std::istringstream in{text};
    for (std::string one; std::getline(in, one);) {
        std::istringstream fields{one};
        line l;
        std::getline(fields, l.verb, '\t');
        std::getline(fields, l.device, '\t');
        std::getline(fields, l.seq, '\t');
        std::getline(fields, l.metrics, '\0');
        all.push_back(std::move(l));
    }
    return all;
}

bool has(line const& l, std::string const& text)
{
    return l.metrics.find(text) != std::string::npos;
}

} // namespace

TEST_CASE("sparkplug: an independent host decodes births, data, a rebirth, the backlog after a crash and deaths",
          "[publish][sparkplug][integration]")
{
    mosquitto_broker broker;
    broker.start();
    auto const journal = broker.folder().file("journal.db");
    auto const watched = broker.folder().file("watched");
    process host{{"mosquitto_sub", "-h", "127.0.0.1", "-p", std::to_string(broker.port()), "-q", "1", "-t", "spBv1.0/#",
                  "-F", "%t %x"},
                 watched};
    REQUIRE(kilnwatt::test::eventually([&] { return broker.log().find("SUBSCRIBE") != std::string::npos; }, 10s));
    auto const verbs = [&] { return read_text_file(watched); };
    {
        life first{broker, journal};
        REQUIRE(first.connected());
        for (std::int64_t watts : {4210, 4215, 4190})
            first.append(watts);
        REQUIRE(first.published(3));

        std::string const request = broker.folder().file("rebirth");
        sparkplug::payload p;
        p.metrics.push_back({.name = "Node Control/Rebirth", .type = 11u, .value = true});
        std::ofstream{request, std::ios::binary} << sparkplug::encode(p);
        process ask{{"mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(broker.port()), "-t",
                     "spBv1.0/Liling/NCMD/plant-2", "-f", request},
                    ""};
        REQUIRE(ask.wait(10s) == 0);
        REQUIRE(run_until(first.io, [&] {
            auto const text = verbs();
            auto const at = text.find("NBIRTH");
            return at != std::string::npos && text.find("NBIRTH", at + 6) != std::string::npos;
        }));
        first.append(4200);
        REQUIRE(first.published(4));
        first.ledger->stop(); // a crash: no farewell, and the broker sends the will
    }
    {
        life second{broker, journal};
        REQUIRE(second.connected());
        REQUIRE(second.published(4));
        second.append(4300);
        REQUIRE(second.published(5));
        second.end();
    }
    REQUIRE(kilnwatt::test::eventually(
        [&] {
            return verbs().rfind("NDEATH") != std::string::npos && verbs().rfind("NDEATH") > verbs().rfind("DDEATH");
        },
        10s));
    auto const decoded_file = broker.folder().file("decoded");
    process decode{{SPARKPLUG_NODE, SPARKPLUG_HOST, SPARKPLUG_PACKAGES, watched}, decoded_file};
    REQUIRE(decode.wait(30s) == 0);
    auto const text = read_text_file(decoded_file);
    INFO(text);

    std::vector<line> all;
    for (auto& l : split(text))
        if (l.verb != "NCMD")
            all.push_back(std::move(l));
    REQUIRE(all.size() > 10);
    CHECK(all.front().verb == "NBIRTH");
    CHECK(has(all.front(), "bdSeq=0"));
    CHECK(has(all.front(), "Node Control/Rebirth=false"));
    int births = 0;
    int historical = 0;
    int deaths = 0;
    int expected = 0;
    for (auto const& l : all) {
        births += l.verb == "NBIRTH" ? 1 : 0;
        deaths += l.verb == "NDEATH" ? 1 : 0;
        historical += l.verb == "DDATA" && has(l, "~#") ? 1 : 0;
        if (l.verb == "NDEATH") {
            CHECK(l.seq == "-");
            CHECK(has(l, deaths == 1 ? "bdSeq=0" : "bdSeq=1"));
            continue;
        }
        if (l.verb == "NBIRTH")
            expected = 0;
        CHECK(l.seq == std::to_string(expected++ % 256));
        if (l.verb == "DBIRTH")
            CHECK(has(l, "active_power="));
    }
    CHECK(births == 3);
    CHECK(deaths == 2);
    CHECK(historical == 4); // everything of the first life: it did not outlive its session
    CHECK(all.back().verb == "NDEATH");
}
