#include "agent/publish/record_messages.hpp"
#include "tests/publish/sink_bench.hpp"

#include <random>
#include <set>

using namespace kilnwatt;
using namespace kilnwatt::publish;
using namespace kilnwatt::publish::test;
using namespace std::chrono_literals;

TEST_CASE("sink: over random acknowledgements, losses, stops and crashes every record is acknowledged, and repeats "
          "only follow a reconnect",
          "[publish][sink]")
{
    int crashes = 0;
    int losses = 0;
    std::size_t repeats = 0;
    for (unsigned seed = 1; seed <= 60; ++seed) {
        std::mt19937 random{seed};
        auto const any = [&](int most) { return std::uniform_int_distribution<int>{0, most}(random); };
        plant p;
        std::vector<layout_ptr> const kinds{power_layout("a"), power_layout("b"), power_layout("a", stream::window_1m),
                                            power_layout("site", stream::event)};
        std::multiset<std::string> acknowledged; // topic and seq
        std::set<std::string> this_session;
        auto const key_of = [](message const& m) {
            auto const payload = boost::json::parse(m.payload).as_object();
            return m.topic + std::to_string(payload.at("seq").as_int64());
        };
        auto const is_record = [](message const& m) {
            return m.topic.ends_with("/readings") || m.topic.ends_with("/PT1M") || m.topic.ends_with("/event");
        };
        std::optional<bench> life;
        std::size_t looked_at = 0;
        auto const start = [&] {
            life.emplace(p.broker, p.journal, [&](sink_options& o) {
                o.live_max = static_cast<std::size_t>(1 + any(10));
                o.backlog_chunk = static_cast<std::size_t>(1 + any(6));
            });
            this_session.clear();
        };
        auto const settle = [&] {
            life->settle();
            for (; looked_at < p.broker.received.size(); ++looked_at) {
                auto const& m = p.broker.received[looked_at];
                if (m.topic == "r/status")
                    this_session.clear();
                else if (is_record(m))
                    REQUIRE(this_session.insert(key_of(m)).second);
            }
        };
        auto const acknowledge_one = [&] {
            auto const n = static_cast<std::size_t>(any(static_cast<int>(p.broker.flying.size()) - 1));
            if (is_record(p.broker.flying[n].what))
                acknowledged.insert(key_of(p.broker.flying[n].what));
            p.broker.complete(n, {});
        };
        start();
        for (int step = 0; step < 300; ++step) {
            switch (any(9)) {
            case 0:
            case 1:
            case 2:
            case 3: {
                std::vector<layout_ptr> batch;
                for (int n = any(5); n >= 0; --n)
                    batch.push_back(kinds[static_cast<std::size_t>(any(3))]);
                life->sink->on_committed(p.journal.commit(batch));
                break;
            }
            case 4:
            case 5:
            case 6:
            case 7:
                for (int n = any(15); n > 0 && !p.broker.flying.empty(); --n)
                    acknowledge_one();
                break;
            case 8:
                if (p.broker.connected && any(2) == 0) {
                    p.broker.lose();
                    ++losses;
                }
                break;
            default:
                if (any(3) > 0)
                    break;
                ++crashes; // the process dies: what was not saved is forgotten, what is in flight is not answered
                life.reset();
                p.broker.flying.clear();
                p.broker.connected = false;
                start();
            }
            if (any(3) > 0)
                settle();
        }
        for (int i = 0; i < 20'000 && life->sink->statistics().backlog > 0; ++i) {
            settle();
            while (!p.broker.flying.empty())
                acknowledge_one();
        }
        REQUIRE(life->sink->statistics().backlog == 0);
        std::set<std::string> expected;
        for (auto const& [pos, r] : p.journal.held())
            expected.insert(key_of(record_messages{"r", "e"}.of({batch_of({r}), 0, {}, false, false})));
        REQUIRE(std::set<std::string>(acknowledged.begin(), acknowledged.end()) == expected);
        repeats += acknowledged.size() - expected.size();
    }
    CHECK(crashes > 100);
    CHECK(losses > 100);
    CHECK(repeats > 0); // an acknowledgement that a crash forgot
}
