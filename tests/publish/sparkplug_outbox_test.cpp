#include "tests/publish/sparkplug_bench.hpp"

using namespace kilnwatt;
using namespace kilnwatt::publish;
using namespace kilnwatt::publish::test;

namespace {

using words_of = std::vector<std::string>;

struct plant {
    fake_records journal;
    layout_ptr meter = power_layout("meter-1");
    layout_ptr pump = power_layout("pump");
};

} // namespace

TEST_CASE("sparkplug_outbox: births come first, then data", "[publish][sparkplug]")
{
    plant p;
    node_life n{p.journal};
    n.connect();
    CHECK(words(n.all) == words_of{"NBIRTH"});
    n.commit({p.meter});
    CHECK(words(n.all) == words_of{"NBIRTH", "DBIRTH meter-1"}); // the birth shows the value that was committed
    n.commit({p.meter});
    CHECK(words(n.all) == words_of{"NBIRTH", "DBIRTH meter-1", "DDATA meter-1"});
    CHECK(n.all.back().what.metrics.front().value == sparkplug::metric_value{std::int64_t{2}});
    CHECK_FALSE(n.all.back().what.metrics.front().historical);
}

TEST_CASE("sparkplug_outbox: a record is confirmed only when the session outlived it", "[publish][sparkplug]")
{
    plant p;
    node_life n{p.journal};
    n.connect();
    n.commit({p.meter});
    n.commit({p.meter});
    n.pass(34s);
    CHECK(n.box.records().progress().unconfirmed().size() == 2);
    CHECK(n.box.totals().acknowledged == 0);
    CHECK(n.box.wait(n.now) <= 1s);
    n.pass(1s);
    CHECK(n.box.records().progress().unconfirmed().empty());
    CHECK(n.box.devices().at("meter-1").acknowledged == 2);
}

TEST_CASE("sparkplug_outbox: what the session did not outlive goes out again as historical, after births and what is "
          "new",
          "[publish][sparkplug]")
{
    plant p;
    node_life n{p.journal};
    n.connect();
    for (int i = 0; i < 3; ++i)
        n.commit({p.meter});
    n.pass(40s);
    for (int i = 0; i < 3; ++i)
        n.commit({p.meter}); // positions 4 to 6: sent, but not outlived
    n.lose();
    n.commit({p.meter}, false);
    n.connect();
    std::vector<std::int64_t> late;
    for (auto const& s : n.of("DDATA"))
        if (s.session == 2)
            for (auto const& m : s.what.metrics) {
                CHECK(m.historical);
                late.push_back(std::get<std::int64_t>(m.value));
            }
    CHECK(late == std::vector<std::int64_t>{4, 5, 6, 7});
    CHECK(n.box.totals().resent == 3);
}

TEST_CASE("sparkplug_outbox: after a kill the cursor leads back to what was not confirmed", "[publish][sparkplug]")
{
    plant p;
    std::string saved;
    std::string memory;
    {
        node_life first{p.journal};
        first.connect();
        first.commit({p.meter});
        first.pass(40s);
        first.commit({p.meter});
        first.commit({p.meter});
        saved = first.box.records().progress().text();
        memory = first.box.memory();
        first.commit({p.meter}); // the kill comes before the cursor is saved again
    }
    auto from = cursor::parse(saved).value();
    from.extend(p.journal.head());
    node_life second{p.journal, memory, {"G", "N"}, from};
    second.connect();
    std::vector<std::int64_t> late;
    for (auto const& s : second.of("DDATA"))
        for (auto const& m : s.what.metrics)
            late.push_back(std::get<std::int64_t>(m.value));
    CHECK(late == std::vector<std::int64_t>{2, 3, 4});
    CHECK(second.of("NBIRTH").front().what.metrics.size() >= 3);
    CHECK(memory == "bdseq 0");
    CHECK(second.box.memory() == "bdseq 1");
}

TEST_CASE("sparkplug_outbox: a device that stops answering dies, and is born when it answers", "[publish][sparkplug]")
{
    plant p;
    node_life n{p.journal};
    n.connect();
    n.commit({p.meter, p.pump});
    auto const before = n.all.size();
    n.box.set_availability("pump", availability::offline);
    n.drain();
    CHECK(words(n.all, before) == words_of{"DDEATH pump"});
    n.commit({p.meter});
    n.box.set_availability("pump", availability::online);
    n.drain();
    CHECK(words(n.all, before) == words_of{"DDEATH pump", "DDATA meter-1", "DBIRTH pump"});
    n.box.set_availability("pump", availability::asleep); // sleeping is no death
    n.drain();
    CHECK(n.all.size() == before + 3);
}

TEST_CASE("sparkplug_outbox: the backlog of a device that does not answer is told between its birth and its death",
          "[publish][sparkplug]")
{
    plant p;
    node_life n{p.journal};
    n.commit({p.pump}, false);
    n.commit({p.pump}, false);
    n.connect();
    CHECK(words(n.all) == words_of{"NBIRTH", "DBIRTH pump", "DDATA pump", "DDATA pump", "DDEATH pump"});
}

TEST_CASE("sparkplug_outbox: many rebirth requests make one sequence, at most one a second, and data waits for it",
          "[publish][sparkplug]")
{
    plant p;
    node_life n{p.journal};
    n.connect();
    n.commit({p.meter});
    auto const before = n.all.size();
    for (int i = 0; i < 5; ++i)
        n.command("spBv1.0/G/NCMD/N", rebirth_request());
    n.commit({p.meter});
    CHECK(n.all.size() == before); // less than a second after the first births
    CHECK(n.box.wait(n.now) == 1s);
    n.pass(1s);
    CHECK(words(n.all, before) == words_of{"NBIRTH", "DBIRTH meter-1"});
    CHECK(n.all[before].what.seq == 0u);
    n.commit({p.meter});
    CHECK(n.all.back().verb == "DDATA");
}

TEST_CASE("sparkplug_outbox: every command but a rebirth is refused, counted and told", "[publish][sparkplug]")
{
    plant p;
    node_life n{p.journal};
    n.connect();
    n.commit({p.meter});
    n.pass(2s);
    auto const births = n.of("NBIRTH").size();
    sparkplug::payload write;
    write.metrics.push_back({.name = "active_power", .type = 10u, .value = 7.5});
    CHECK(
        n.command("spBv1.0/G/DCMD/N/meter-1", write).refusal ==
        "refused a command on spBv1.0/G/DCMD/N/meter-1, to write active_power: a broker may ask for a rebirth and for "
        "nothing else");
    n.pass(1s);
    sparkplug::payload reboot;
    reboot.metrics.push_back({.name = "Node Control/Reboot\n", .type = 11u, .value = true});
    CHECK(
        n.command("spBv1.0/G/NCMD/N", reboot).refusal ==
        "refused a command on spBv1.0/G/NCMD/N, to write Node Control/Reboot?: a broker may ask for a rebirth and for "
        "nothing else");
    CHECK(n.of("NDATA").back().what.metrics.front().value == sparkplug::metric_value{std::int64_t{2}});
    n.pass(2s);
    n.command("spBv1.0/G/NCMD/N", rebirth_request(), true);   // retained: an old one
    n.command("spBv1.0/G/NCMD/other", rebirth_request());     // not for us
    n.command("spBv1.0/G/DCMD/N/meter-1", rebirth_request()); // not for a device
    auto falsely = rebirth_request();
    falsely.metrics.front().value = false;
    n.command("spBv1.0/G/NCMD/N", falsely);
    CHECK_FALSE(
        n.box.received({"spBv1.0/G/NCMD/N", "\xff\xff no payload", false, std::nullopt, 1}, n.now).refusal.empty());
    n.pass(2s);
    CHECK(n.of("NBIRTH").size() == births);
}

TEST_CASE("sparkplug_outbox: a death in our name makes us tell that we live", "[publish][sparkplug]")
{
    plant p;
    node_life n{p.journal};
    n.connect();
    n.pass(2s);
    n.box.received({"spBv1.0/G/NDEATH/N", n.wills.back().payload, false, std::nullopt, 1}, n.now);
    n.drain();
    CHECK(n.of("NBIRTH").size() == 2);
    sparkplug::payload older;
    older.metrics.push_back({.name = "bdSeq", .type = 4u, .value = std::int64_t{99}});
    n.command("spBv1.0/G/NDEATH/N", older);
    n.pass(2s);
    CHECK(n.of("NBIRTH").size() == 2);
}

TEST_CASE("sparkplug_outbox: waits for its primary host, and leaves when the host does", "[publish][sparkplug]")
{
    plant p;
    node_life n{p.journal, "", {"G", "N", "scada"}};
    n.connect();
    n.commit({p.meter});
    CHECK(n.all.empty());
    CHECK(n.box.condition() == "waiting for primary host scada");
    auto const state = [&](bool online, std::int64_t t, std::string const& host = "scada") {
        auto const text =
            std::string{"{\"online\":"} + (online ? "true" : "false") + ",\"timestamp\":" + std::to_string(t) + "}";
        auto const r = n.box.received({"spBv1.0/STATE/" + host, text, true, std::nullopt, 1}, n.now);
        n.drain();
        return r;
    };
    auto const t = n.now.utc.time_since_epoch().count();
    state(true, t, "another");
    CHECK(n.all.empty());
    state(true, t);
    CHECK(words(n.all) == words_of{"NBIRTH", "DBIRTH meter-1"});
    CHECK_FALSE(state(false, t - 1).end_session); // an old word
    CHECK(state(false, t + 5).end_session);
    n.stop();
    CHECK(n.all.back().verb == "NDEATH");
}

TEST_CASE("sparkplug_outbox: what is not good is null or carries why", "[publish][sparkplug]")
{
    plant p;
    node_life n{p.journal};
    n.connect();
    n.commit({p.meter});
    auto bad = power_record(p.meter, 50, 50, 0);
    bad.data.cells[0] = absent(quality::timeout);
    auto held = power_record(p.meter, 51, 51, 5);
    held.data.cells[0].q = quality::held;
    n.box.committed(batch_of({bad, held}), true);
    n.drain();
    auto const data = n.of("DDATA");
    REQUIRE(data.size() >= 2);
    auto const& first = data[data.size() - 2].what.metrics.front();
    CHECK(first.value == sparkplug::metric_value{});
    CHECK(first.properties == std::vector<sparkplug::property>{{"Quality", 0}, {"cause", std::string{"bad:timeout"}}});
    auto const& second = data.back().what.metrics.front();
    CHECK(second.value == sparkplug::metric_value{std::int64_t{5}});
    CHECK(second.properties ==
          std::vector<sparkplug::property>{{"Quality", 500}, {"cause", std::string{"uncertain:held"}}});
}
