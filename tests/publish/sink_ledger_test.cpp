#include "tests/publish/sink_bench.hpp"

#include "tests/publish/sparkplug_bench.hpp"

using namespace kilnwatt;
using namespace kilnwatt::publish;
using namespace kilnwatt::publish::test;
using namespace std::chrono_literals;

namespace {

using entries = std::map<std::string, sink_ledger_entry>;

sink_options all_but_readings(sink_options o)
{
    o.streams.reset(static_cast<std::size_t>(stream::readings));
    return o;
}

} // namespace

TEST_CASE("sink_ledger: is saved with the cursor and goes on over restarts", "[publish][sink_ledger]")
{
    plant p;
    auto const mill = power_layout("mill");
    {
        bench b{p.broker, p.journal};
        b.settle();
        b.acknowledge();
        b.commit({p.meter, p.meter, mill});
        b.acknowledge();
        CHECK(b.ledger().whole);
        CHECK(b.ledger().devices == entries{{"meter-1", {2, 2}}, {"mill", {1, 1}}});
        b.commit({p.meter, p.meter}); // in flight when the agent is killed
        CHECK(b.sink->statistics().totals.published == 5);
    }
    p.broker = {};
    bench b{p.broker, p.journal};
    b.settle();
    b.acknowledge();
    b.commit({p.meter});
    b.acknowledge();
    CHECK(b.ledger().whole);
    CHECK(b.ledger().devices == entries{{"meter-1", {7, 5}}, {"mill", {1, 1}}});
    CHECK(b.saved().unconfirmed().empty());
}

TEST_CASE("sink_ledger: a connection that broke sends more than is confirmed", "[publish][sink_ledger]")
{
    plant p;
    bench b{p.broker, p.journal};
    b.settle();
    b.acknowledge();
    b.commit({p.meter, p.meter, p.meter});
    p.broker.lose();
    b.settle();
    b.acknowledge();
    CHECK(b.ledger().devices == entries{{"meter-1", {6, 3}}});
}

TEST_CASE("sink_ledger: it is whole only from the journal's start on and with the same streams",
          "[publish][sink_ledger]")
{
    plant p;
    p.journal.commit({p.meter, p.meter, p.meter});
    auto const life = [&](std::function<void(sink_options&)> change) {
        p.broker = {};
        bench b{p.broker, p.journal, std::move(change)};
        b.settle();
        return b.ledger();
    };
    auto const readings = static_cast<std::size_t>(stream::readings);
    SECTION("a sink that comes while the journal still holds everything")
    {
        CHECK(life({}).whole);
    }
    SECTION("one that comes when rows were dropped already")
    {
        p.journal.drop_before(3);
        CHECK_FALSE(life({}).whole);
    }
    SECTION("one that was told to leave out readings for a while")
    {
        CHECK(life({}).streams.test(readings));
        auto const without = life([](sink_options& o) { o = all_but_readings(o); });
        CHECK_FALSE(without.whole);
        CHECK_FALSE(without.streams.test(readings));
        CHECK_FALSE(life({}).whole);
    }
    SECTION("a cursor of an earlier version has no ledger")
    {
        p.journal.cursors["dash"] = "c1 3";
        auto const l = life({});
        CHECK_FALSE(l.whole);
        CHECK(l.streams.test(readings));
    }
}

TEST_CASE("sink_ledger: what QoS 0 sent is confirmed when its session outlived it", "[publish][sink_ledger]")
{
    fake_records journal;
    auto const meter = power_layout("meter-1");
    node_life node{journal};
    node.connect();
    node.commit({meter, meter});
    CHECK(node.box.ledger().devices == entries{{"meter-1", {2, 0}}});
    node.pass(40s);
    CHECK(node.box.ledger().devices == entries{{"meter-1", {2, 2}}});
}

TEST_CASE("sink_ledger: its text comes back, and no other text is one", "[publish][sink_ledger]")
{
    sink_ledger const l{true, stream_set{1}, {{"mill", {7, 5}}, {"site", {0, 0}}}};
    CHECK(l.text() == "l1 whole 1\nmill 7 5\nsite 0 0");
    CHECK(sink_ledger::parse(l.text()) == l);
    CHECK(sink_ledger::parse("l1 part 0") == sink_ledger{});
    for (auto const* const wrong :
         {"", "l1", "l1 whole", "l1 whole x", "l1 whole 99999999", "l1 whole 1\n", "l1 whole 1\nmill 7",
          "l1 whole 1\nmill 7 5 3", "l1 whole 1\nmill 07 5", "l1 whole 1\nmill 7 5\nmill 8 5",
          "l1 whole 1\npress 1 1\nmill 7 5", "l1 whole 1\nmill -7 5"})
        CHECK_FALSE(sink_ledger::parse(wrong));
}

TEST_CASE("saved_cursor: cursor, memory and ledger come back together", "[publish][sink_ledger]")
{
    cursor where{1};
    where.extend(9);
    where.confirm(position_range{2, 5});
    for (std::string const memory : {"", "bdseq 7"})
        for (auto const& ledger :
             {std::optional<sink_ledger>{}, std::optional{sink_ledger{true, {}, {{"a", {1, 1}}}}}}) {
            auto const text = saved_cursor{where, memory, ledger}.text();
            auto const back = saved_cursor::parse(text);
            REQUIRE(back);
            CHECK(back->where == where);
            CHECK(back->memory == memory);
            CHECK(back->ledger == ledger);
        }
    CHECK(saved_cursor::parse("c1 9 1-2 5-9\nbdseq 7\nnonsense").value().ledger == std::nullopt);
    CHECK_FALSE(saved_cursor::parse("c2 9\nbdseq 7"));
}
