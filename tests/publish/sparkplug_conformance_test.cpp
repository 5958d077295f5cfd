#include "tests/publish/sparkplug_bench.hpp"

#include <functional>
#include <map>
#include <set>

// A long life of one node, judged by the assertions of Sparkplug 3.0 that bind an edge node. Each section has the id of
// the assertion without "tck-id-". Data sets and templates are not used, so theirs have nothing to judge; those about
// the host and its STATE stand in sparkplug_outbox_test.cpp.

using namespace kilnwatt;
using namespace kilnwatt::publish;
using namespace kilnwatt::publish::test;

namespace {

struct lived {
    fake_records journal;
    node_life n{journal};

    lived()
    {
        auto const meter = power_layout("meter-1");
        auto const pump = power_layout("pump");
        auto const kpi = power_layout("site", stream::kpi_15m);
        auto const window = power_layout("meter-1", stream::window_15m);
        n.connect();
        for (int i = 0; i < 300; ++i) {
            n.commit({meter, pump, kpi, window});
            n.pass(1s);
        }
        n.command("spBv1.0/G/NCMD/N", rebirth_request());
        n.commit({meter});
        n.box.set_availability("pump", availability::offline);
        n.drain();
        n.commit({meter});
        n.lose();
        n.commit({meter, pump, kpi}, false);
        n.connect();
        n.box.set_availability("pump", availability::online);
        for (int i = 0; i < 20; ++i) {
            n.commit({meter, pump});
            n.pass(1s);
        }
        n.stop();
        n.connect();
        n.stop();
    }
};

lived const& life()
{
    static lived const once;
    return once;
}

using check = std::function<bool(said const&, said const* before)>; ///< `before`: of the same session

void each(std::function<bool(said const&)> const& which, check const& holds)
{
    said const* before = nullptr;
    int seen = 0;
    for (auto const& s : life().n.all) {
        if (before && before->session != s.session)
            before = nullptr;
        if (which(s)) {
            ++seen;
            INFO(s.topic << " in session " << s.session);
            REQUIRE(holds(s, before));
        }
        before = &s;
    }
    REQUIRE(seen > 0);
}

std::function<bool(said const&)> verb(std::string v)
{
    return [v](said const& s) { return s.verb == v; };
}

bool any(said const&)
{
    return true;
}

bool numbered(said const& s)
{
    return s.verb != "NDEATH";
}

sparkplug::metric const* metric_of(said const& s, std::string const& name)
{
    for (auto const& m : s.what.metrics)
        if (m.name == name)
            return &m;
    return nullptr;
}

/// bdSeq of a message or will; -1 = none.
std::int64_t bd_seq(sparkplug::payload const& p)
{
    for (auto const& m : p.metrics)
        if (m.name == "bdSeq" && m.type == 4u)
            if (auto const* v = std::get_if<std::int64_t>(&m.value))
                return *v;
    return -1;
}

std::int64_t will_of(int session)
{
    return bd_seq(sparkplug::decode(life().n.wills.at(static_cast<std::size_t>(session - 1)).payload).value());
}

bool topic_is_right(said const& s)
{
    bool const device_verb = s.verb == "DBIRTH" || s.verb == "DDATA" || s.verb == "DDEATH";
    auto const expected = "spBv1.0/G/" + s.verb + "/N" + (device_verb ? "/" + s.device : "");
    return s.topic == expected && device_verb != s.device.empty();
}

bool seq_counts_on(said const& s, said const* before)
{
    if (s.verb == "NBIRTH")
        return s.what.seq == 0u;
    return before && before->what.seq && s.what.seq == (*before->what.seq + 1) % 256;
}

bool in_time_order(said const& s)
{
    utc_time last{};
    for (auto const& m : s.what.metrics) {
        if (m.historical)
            continue;
        if (!m.timestamp || *m.timestamp < last)
            return false;
        last = *m.timestamp;
    }
    return true;
}

/// Births declare what data uses; nothing else is used.
bool data_is_declared()
{
    std::map<std::pair<int, std::string>, std::set<std::uint64_t>> declared;
    for (auto const& s : life().n.all)
        for (auto const& m : s.what.metrics) {
            if (s.is_birth() && m.alias)
                declared[{s.session, s.device}].insert(*m.alias);
            if (s.is_data() && (!m.alias || declared[{s.session, s.device}].count(*m.alias) == 0))
                return false;
        }
    return true;
}

void section(std::vector<std::string> const& ids, std::function<void()> const& judge)
{
    for (auto const& id : ids)
        DYNAMIC_SECTION(id)
        {
            judge();
        }
}

} // namespace

TEST_CASE("sparkplug conformance: topics and sending", "[publish][sparkplug][conformance]")
{
    section({"topic-structure", "topic-structure-namespace-a",
             "topic-structure-namespace-device-id-associated-message-types",
             "topic-structure-namespace-device-id-non-associated-message-types", "intro-group-id-string",
             "intro-edge-node-id-string", "intro-device-id-string", "topics-ndeath-topic"},
            [] { each(any, [](said const& s, said const*) { return topic_is_right(s); }); });
    for (std::string const v : {"NBIRTH", "NDATA", "DBIRTH", "DDATA", "DDEATH"}) {
        std::string low = v;
        for (auto& c : low)
            c = static_cast<char>(c - 'A' + 'a');
        section({"topics-" + low + "-topic", "topics-" + low + "-mqtt"}, [&] {
            each(verb(v),
                 [](said const& s, said const*) { return topic_is_right(s) && s.raw.qos == 0 && !s.raw.retain; });
        });
        if (v != "DDEATH")
            section({"payloads-" + low + "-qos", "payloads-" + low + "-retain"},
                    [&] { each(verb(v), [](said const& s, said const*) { return s.raw.qos == 0 && !s.raw.retain; }); });
        section({"payloads-" + low + "-timestamp"},
                [&] { each(verb(v), [](said const& s, said const*) { return s.what.timestamp == s.at; }); });
        section({"payloads-" + low + "-seq"},
                [&] { each(verb(v), [](said const& s, said const*) { return s.what.seq && *s.what.seq <= 255; }); });
        if (v != "NBIRTH")
            section(
                {"payloads-" + low + "-seq-inc", v == "DBIRTH" ? "topics-dbirth-seq" : "topics-" + low + "-seq-num"},
                [&] { each(verb(v), seq_counts_on); });
        if (v != "DDEATH")
            section({"topics-" + low + "-timestamp"},
                    [&] { each(verb(v), [](said const& s, said const*) { return s.what.timestamp == s.at; }); });
    }
    section({"payloads-timestamp-in-UTC", "payloads-sequence-num-always-included", "payloads-ddeath-seq-number"},
            [] { each(numbered, [](said const& s, said const*) { return s.what.timestamp && s.what.seq; }); });
    section({"payloads-sequence-num-incrementing", "message-flow-device-birth-publish-dbirth-payload-seq"},
            [] { each(numbered, seq_counts_on); });
    section({"message-flow-edge-node-birth-publish-nbirth-topic", "message-flow-edge-node-birth-publish-nbirth-payload",
             "message-flow-edge-node-birth-publish-nbirth-qos", "message-flow-edge-node-birth-publish-nbirth-retained",
             "message-flow-edge-node-birth-publish-nbirth-payload-seq", "payloads-sequence-num-zero-nbirth",
             "topics-nbirth-seq-num"},
            [] {
                each(verb("NBIRTH"), [](said const& s, said const*) {
                    return topic_is_right(s) && s.raw.qos == 0 && !s.raw.retain && s.what.seq == 0u;
                });
            });
    section({"message-flow-device-birth-publish-dbirth-topic", "message-flow-device-birth-publish-dbirth-payload",
             "message-flow-device-birth-publish-dbirth-match-edge-node-topic",
             "message-flow-device-birth-publish-dbirth-qos", "message-flow-device-birth-publish-dbirth-retained"},
            [] {
                each(verb("DBIRTH"),
                     [](said const& s, said const*) { return topic_is_right(s) && s.raw.qos == 0 && !s.raw.retain; });
            });
}

TEST_CASE("sparkplug conformance: the will, bdSeq and deaths", "[publish][sparkplug][conformance]")
{
    section({"message-flow-edge-node-birth-publish-will-message",
             "message-flow-edge-node-birth-publish-will-message-topic",
             "message-flow-edge-node-birth-publish-will-message-payload",
             "message-flow-edge-node-birth-publish-will-message-qos",
             "message-flow-edge-node-birth-publish-will-message-will-retained", "payloads-ndeath-will-message",
             "payloads-ndeath-will-message-qos", "payloads-ndeath-will-message-retain"},
            [] {
                REQUIRE(life().n.wills.size() == 3);
                for (auto const& w : life().n.wills) {
                    REQUIRE(w.topic == "spBv1.0/G/NDEATH/N");
                    REQUIRE(w.qos == 1);
                    REQUIRE_FALSE(w.retain);
                    REQUIRE(sparkplug::decode(w.payload)->metrics.size() == 1);
                    REQUIRE_FALSE(sparkplug::decode(w.payload)->seq.has_value());
                }
            });
    section({"message-flow-edge-node-birth-publish-will-message-payload-bdSeq", "topics-nbirth-bdseq-increment"}, [] {
        for (int session = 1; session <= 3; ++session)
            REQUIRE(will_of(session) == session - 1);
        fake_records none;
        REQUIRE(bd_seq(sparkplug::decode(node_life{none, "bdseq 255"}.box.will().payload).value()) == 0);
        REQUIRE(bd_seq(sparkplug::decode(node_life{none, "bdseq 41"}.box.will().payload).value()) == 42);
        node_life unsent{none, "bdseq 41"};
        unsent.box.will();
        unsent.box.never_left();
        REQUIRE(bd_seq(sparkplug::decode(unsent.box.will().payload).value()) == 42);
    });
    section(
        {"topics-nbirth-bdseq-included", "topics-nbirth-bdseq-matching", "payloads-nbirth-bdseq",
         "payloads-nbirth-bdseq-repeat", "message-flow-edge-node-birth-publish-nbirth-payload-bdSeq",
         "operational-behavior-data-commands-rebirth-action-3"},
        [] { each(verb("NBIRTH"), [](said const& s, said const*) { return bd_seq(s.what) == will_of(s.session); }); });
    section({"topics-ndeath-payload", "topics-ndeath-seq", "payloads-ndeath-seq", "payloads-ndeath-bdseq",
             "payloads-ndeath-will-message-publisher", "operational-behavior-edge-node-intentional-disconnect-ndeath"},
            [] {
                each(verb("NDEATH"), [](said const& s, said const*) {
                    return s.what.metrics.size() == 1 && !s.what.seq && bd_seq(s.what) == will_of(s.session);
                });
                REQUIRE(life().n.all.back().verb == "NDEATH");
            });
    section({"operational-behavior-device-ddeath"}, [] {
        REQUIRE(life().n.of("DDEATH").front().device == "pump");
        each(verb("DDEATH"), [](said const& s, said const*) { return s.what.metrics.empty(); });
    });
}

TEST_CASE("sparkplug conformance: births", "[publish][sparkplug][conformance]")
{
    section({"principles-birth-certificates-order", "message-flow-device-birth-publish-nbirth-wait",
             "payloads-dbirth-order", "payloads-ndata-order", "payloads-ddata-order",
             "operational-behavior-data-commands-rebirth-action-1",
             "operational-behavior-data-commands-rebirth-action-2"},
            [] {
                std::set<std::string> born;
                each(any, [&](said const& s, said const* before) {
                    if (!before && s.verb != "NBIRTH")
                        return false;
                    if (s.verb == "NBIRTH")
                        born = {""};
                    if (s.verb == "DBIRTH")
                        born.insert(s.device);
                    if (s.verb == "DDEATH")
                        return born.erase(s.device) == 1;
                    return s.verb == "NDEATH" || born.count(s.device) == 1;
                });
            });
    section({"topics-nbirth-rebirth-metric", "payloads-nbirth-rebirth-req",
             "operational-behavior-data-commands-rebirth-name",
             "operational-behavior-data-commands-rebirth-name-aliases",
             "operational-behavior-data-commands-rebirth-datatype", "operational-behavior-data-commands-rebirth-value"},
            [] {
                each(verb("NBIRTH"), [](said const& s, said const*) {
                    auto const* m = metric_of(s, "Node Control/Rebirth");
                    return m && !m->alias && m->type == 11u && m->value == sparkplug::metric_value{false};
                });
            });
    section({"topics-nbirth-metric-reqs", "topics-dbirth-metric-reqs", "operational-behavior-data-publish-nbirth",
             "operational-behavior-data-publish-dbirth"},
            [] { REQUIRE(data_is_declared()); });
    section({"topics-nbirth-metrics", "topics-dbirth-metrics", "operational-behavior-data-publish-nbirth-values",
             "operational-behavior-data-publish-dbirth-values", "payloads-metric-datatype-req",
             "payloads-metric-datatype-value", "payloads-metric-datatype-value-type", "payloads-name-requirement"},
            [] {
                each([](said const& s) { return s.is_birth(); },
                     [](said const& s, said const*) {
                         for (auto const& m : s.what.metrics)
                             if (m.name.empty() || !m.type || !sparkplug::is_known_datatype(*m.type) || !m.timestamp)
                                 return false;
                         return true;
                     });
            });
    section({"operational-behavior-data-publish-nbirth-order", "operational-behavior-data-publish-dbirth-order"},
            [] { each(any, [](said const& s, said const*) { return s.verb == "NDEATH" || in_time_order(s); }); });
    section({"topics-nbirth-templates"}, [] {
        each(any, [](said const& s, said const*) {
            for (auto const& m : s.what.metrics)
                if (m.type == 19u || m.type == 16u)
                    return false;
            return true;
        });
    });
}

TEST_CASE("sparkplug conformance: data and metrics", "[publish][sparkplug][conformance]")
{
    section({"payloads-alias-uniqueness", "payloads-alias-birth-requirement"}, [] {
        std::map<std::uint64_t, std::string> owner;
        each([](said const& s) { return s.is_birth(); },
             [&](said const& s, said const*) {
                 for (auto const& m : s.what.metrics) {
                     if (m.name == "bdSeq" || m.name == "Node Control/Rebirth")
                         continue;
                     auto const full = s.device + '/' + m.name;
                     if (!m.alias || owner.try_emplace(*m.alias, full).first->second != full)
                         return false;
                 }
                 return true;
             });
    });
    section({"payloads-alias-data-cmd-requirement", "payloads-name-birth-data-requirement",
             "payloads-metric-datatype-not-req", "payloads-metric-timestamp-in-UTC"},
            [] {
                each([](said const& s) { return s.is_data(); },
                     [](said const& s, said const*) {
                         for (auto const& m : s.what.metrics)
                             if (!m.alias || !m.name.empty() || !m.timestamp || m.type)
                                 return false;
                         return true;
                     });
            });
    section({"principles-rbe-recommended", "topics-ndata-payload", "topics-ddata-payload",
             "operational-behavior-data-publish-nbirth-change", "operational-behavior-data-publish-dbirth-change"},
            [] {
                std::map<std::pair<int, std::uint64_t>, sparkplug::metric_value> last;
                each([](said const& s) { return s.is_data() || s.is_birth(); },
                     [&](said const& s, said const*) {
                         for (auto const& m : s.what.metrics) {
                             if (!m.alias || m.historical)
                                 continue;
                             auto& before = last[{s.session, *m.alias}];
                             if (s.is_data() && before == m.value)
                                 return false;
                             before = m.value;
                         }
                         return true;
                     });
            });
    section({"payloads-propertyset-quality-value-type", "payloads-propertyset-quality-value-value",
             "payloads-metric-propertyvalue-type-type", "payloads-metric-propertyvalue-type-value",
             "payloads-metric-propertyvalue-type-req", "payloads-propertyset-keys-array-size",
             "payloads-propertyset-values-array-size"},
            [] {
                int units = 0;
                for (auto const& s : life().n.of("DBIRTH"))
                    for (auto const& m : s.what.metrics)
                        for (auto const& p : m.properties)
                            units += p == sparkplug::property{"engUnit", std::string{"W"}} ? 1 : 0;
                REQUIRE(units > 0);
            });
    section({"case-sensitivity-metric-names", "topic-structure-namespace-unique-device-id"}, [] {
        sparkplug::edge_node node{{{"G", "N"}}, {}};
        REQUIRE(node.define("d", {"Power"}));
        REQUIRE_FALSE(node.define("d", {"power"}));
    });
}
