#include "agent/publish/lanes.hpp"
#include "tests/publish/publish_fixtures.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <random>
#include <set>

using namespace kilnwatt;
using namespace kilnwatt::publish;
using namespace kilnwatt::publish::test;
using namespace std::chrono_literals;

namespace {

constexpr rate_limit::time_point noon{12h};

stream_set all_streams()
{
    return stream_set{}.set();
}

stream_set only(stream s)
{
    return stream_set{}.set(static_cast<std::size_t>(s));
}

/// A journal in memory that hands out batches of two devices, readings and windows.
struct fake_journal {
    std::map<position, record> held;
    position head = 1;
    std::uint64_t seq = 0;
    layout_ptr readings = power_layout("meter-1");
    layout_ptr windows = power_layout("meter-1", stream::window_1m);

    batch_ptr commit(std::vector<stream> const& kinds)
    {
        std::vector<record> records;
        for (auto s : kinds) {
            records.push_back(power_record(s == stream::readings ? readings : windows, head, ++seq, 1));
            held.emplace(head++, records.back());
        }
        return batch_of(std::move(records));
    }

    /// Answers as the journal does: at most `max` records, and where to go on.
    std::pair<batch_ptr, position> read(position_range range, std::size_t max) const
    {
        std::vector<record> records;
        for (auto at = held.lower_bound(range.first); at != held.end() && at->first < range.last; ++at) {
            if (records.size() == max)
                return {batch_of(std::move(records)), at->first};
            records.push_back(at->second);
        }
        return {batch_of(std::move(records)), range.last};
    }
};

lanes make(stream_set streams, std::size_t live_max = 4096, std::size_t chunk = 256, double rate = 0)
{
    return lanes{{streams, live_max, chunk, rate}, cursor{}};
}

/// Reads the journal as long as the lanes want it.
void feed(lanes& l, fake_journal const& j, std::size_t chunk = 256, position oldest = 1)
{
    while (auto const range = l.want_read(oldest)) {
        auto const [found, next] = j.read(*range, chunk);
        l.read_done(*range, found, next);
    }
}

std::vector<stream> readings(std::size_t n)
{
    return std::vector<stream>(n, stream::readings);
}

} // namespace

TEST_CASE("lanes: a live record goes out before the backlog, and only the backlog is historical", "[publish][lanes]")
{
    fake_journal j;
    auto l = make(all_streams());
    l.committed(j.commit(readings(3)), false);
    feed(l, j);
    l.committed(j.commit(readings(2)), true);

    std::vector<std::pair<position, bool>> order;
    while (auto item = l.next_live())
        order.emplace_back(item->what().pos, item->historical);
    while (auto item = l.next_backlog(noon))
        order.emplace_back(item->what().pos, item->historical);
    CHECK(order == std::vector<std::pair<position, bool>>{{4, false}, {5, false}, {1, true}, {2, true}, {3, true}});
}

TEST_CASE("lanes: nothing is confirmed until it is acknowledged, and nothing in hand is read again", "[publish][lanes]")
{
    fake_journal j;
    auto l = make(all_streams());
    l.committed(j.commit(readings(4)), true);
    auto const first = l.next_live();
    auto const second = l.next_live();
    REQUIRE(second.has_value());
    CHECK(l.progress().unconfirmed().size() == 4);
    CHECK_FALSE(l.want_read(1).has_value());

    l.acknowledged(*second);
    CHECK(l.progress().contains(1));
    CHECK_FALSE(l.progress().contains(2));
    l.acknowledged(*first);
    CHECK(l.progress().lowest() == 3);
}

TEST_CASE("lanes: after a restart everything unconfirmed comes from the backlog, once", "[publish][lanes]")
{
    fake_journal j;
    auto l = make(all_streams());
    l.committed(j.commit(readings(5)), true);
    auto const first = l.next_live();
    auto const second = l.next_live();
    l.acknowledged(*second);
    l.restart();
    CHECK_FALSE(l.next_live().has_value());
    feed(l, j);
    std::map<position, bool> again;
    while (auto item = l.next_backlog(noon)) {
        CHECK(item->historical);
        REQUIRE(again.emplace(item->what().pos, item->again).second);
    }
    CHECK(again == std::map<position, bool>{{1, true}, {3, false}, {4, false}, {5, false}});
}

TEST_CASE("lanes: a full live queue gives its oldest records to the backlog", "[publish][lanes]")
{
    fake_journal j;
    auto l = make(all_streams(), 3);
    for (int i = 0; i < 5; ++i)
        l.committed(j.commit(readings(2)), true);
    CHECK(l.live_waiting() == 3);
    feed(l, j);
    std::vector<position> order;
    while (auto item = l.next_live())
        order.push_back(item->what().pos);
    while (auto item = l.next_backlog(noon))
        order.push_back(item->what().pos);
    CHECK(order == std::vector<position>{8, 9, 10, 1, 2, 3, 4, 5, 6, 7});
}

TEST_CASE("lanes: streams that the sink does not publish are confirmed when passed", "[publish][lanes]")
{
    fake_journal j;
    auto l = make(only(stream::window_1m));
    SECTION("a batch without any of ours at once")
    {
        l.committed(j.commit(readings(3)), true);
        CHECK(l.progress().unconfirmed().empty());
        l.committed(j.commit(readings(3)), false);
        CHECK(l.progress().unconfirmed().empty());
    }
    SECTION("the others of a batch with the acknowledgement of ours")
    {
        l.committed(j.commit({stream::readings, stream::window_1m, stream::readings, stream::window_1m}), true);
        auto const first = l.next_live();
        auto const second = l.next_live();
        REQUIRE(second.has_value());
        CHECK_FALSE(l.next_live().has_value());
        CHECK(l.progress().unconfirmed().size() == 4);
        l.acknowledged(*first);
        CHECK(l.progress().unconfirmed().ranges() == std::vector<position_range>{{4, 5}});
        l.acknowledged(*second);
        CHECK(l.progress().unconfirmed().empty());
    }
    SECTION("in the backlog as it is read")
    {
        for (int i = 0; i < 10; ++i)
            l.committed(j.commit({stream::readings, stream::window_1m, stream::readings}), false);
        feed(l, j);
        int sent = 0;
        while (auto item = l.next_backlog(noon)) {
            CHECK(item->what().kind() == stream::window_1m);
            l.acknowledged(*item);
            ++sent;
        }
        CHECK(sent == 10);
        CHECK(l.progress().unconfirmed().empty());
    }
}

TEST_CASE("lanes: a month without a broker keeps a small cursor and delivers every window", "[publish][lanes]")
{
    fake_journal j;
    auto l = make(only(stream::window_1m));
    for (int i = 0; i < 500; ++i) {
        l.committed(j.commit(readings(2)), false);
        l.committed(j.commit({stream::readings, stream::window_1m}), false);
    }
    CHECK(l.progress().unconfirmed().ranges().size() <= cursor::ranges_max);
    std::set<std::uint64_t> sent;
    for (int round = 0; round < 5'000 && !l.progress().unconfirmed().empty(); ++round) {
        feed(l, j);
        while (auto item = l.next_backlog(noon)) {
            REQUIRE(sent.insert(item->what().seq).second);
            l.acknowledged(*item);
        }
    }
    CHECK(sent.size() == 500);
    CHECK(l.progress().unconfirmed().empty());
}

TEST_CASE("lanes: what the journal dropped is counted and not waited for", "[publish][lanes]")
{
    fake_journal j;
    auto l = make(all_streams());
    l.committed(j.commit(readings(20)), false);
    j.held.erase(j.held.begin(), j.held.lower_bound(13));
    feed(l, j, 256, 13);
    CHECK(l.dropped() == 12);
    CHECK(l.progress().lowest() == 13);
    REQUIRE(l.next_backlog(noon).has_value());
}

TEST_CASE("lanes: the backlog keeps to its rate and live records do not wait for it", "[publish][lanes]")
{
    fake_journal j;
    auto l = make(all_streams(), 4096, 256, 100);
    l.committed(j.commit(readings(200)), false);
    feed(l, j);
    int sent = 0;
    while (l.next_backlog(noon))
        ++sent;
    CHECK(sent == 10);
    CHECK(l.backlog_wait(noon) > 0ms);
    CHECK(l.backlog_wait(noon) <= 10ms);
    l.committed(j.commit(readings(1)), true);
    CHECK(l.next_live().has_value());
    CHECK(l.next_backlog(noon + 10ms).has_value());
}

TEST_CASE("lanes: one read is under way at a time, and one that brings nothing can be repeated", "[publish][lanes]")
{
    fake_journal j;
    auto l = make(all_streams());
    l.committed(j.commit(readings(2)), false);
    auto const range = l.want_read(1);
    REQUIRE(range.has_value());
    CHECK(*range == position_range{1, 3});
    CHECK_FALSE(l.want_read(1).has_value());
    l.read_done(*range, batch_of({}), 1);
    CHECK(l.want_read(1) == range);
    SECTION("positions without a record are passed")
    {
        l.read_done(*range, batch_of({}), 3);
        CHECK(l.progress().unconfirmed().empty());
    }
    SECTION("an answer after a restart is not taken for a new one")
    {
        l.restart();
        l.read_done(*range, j.read(*range, 9).first, 3);
        CHECK_FALSE(l.next_backlog(noon).has_value());
        CHECK(l.progress().unconfirmed().size() == 2);
    }
}

TEST_CASE("lanes: a batch that was never shown is fetched from the journal", "[publish][lanes]")
{
    fake_journal j;
    auto l = make(all_streams());
    j.commit(readings(3)); // lost on the way
    l.committed(j.commit(readings(1)), true);
    CHECK(l.progress().unconfirmed().size() == 4);
    REQUIRE(l.next_live().has_value());
    CHECK(l.want_read(1) == position_range{1, 4});
}

TEST_CASE("lanes: under random commits, acknowledgements and restarts every record arrives, and repeats only follow a "
          "restart",
          "[publish][lanes]")
{
    std::uint64_t repeats = 0;
    for (unsigned seed = 1; seed <= 150; ++seed) {
        std::mt19937 random{seed};
        auto const any = [&](int most) { return std::uniform_int_distribution<int>{0, most}(random); };
        fake_journal j;
        auto const streams = any(2) == 0 ? only(stream::window_1m) : all_streams();
        auto l = make(streams, static_cast<std::size_t>(1 + any(20)), static_cast<std::size_t>(1 + any(8)));
        bool connected = true;
        std::vector<lane_item> flying;
        std::set<std::uint64_t> arrived;
        std::set<std::uint64_t> sent_this_session;

        auto const step = [&](bool losing) {
            if (auto const range = l.want_read(1)) {
                auto const [found, next] = j.read(*range, 1 + static_cast<std::size_t>(any(5)));
                l.read_done(*range, found, next);
            }
            while (flying.size() < 20) {
                auto item = l.next_live();
                if (!item)
                    item = l.next_backlog(noon);
                if (!item)
                    break;
                REQUIRE(sent_this_session.insert(item->what().seq).second);
                repeats += item->again ? 1 : 0;
                flying.push_back(*std::move(item));
            }
            for (int acks = any(25); acks > 0 && !flying.empty(); --acks) {
                auto const at = flying.begin() + any(static_cast<int>(flying.size()) - 1);
                arrived.insert(at->what().seq);
                l.acknowledged(*at);
                flying.erase(at);
            }
            if (losing && any(12) == 0) {
                connected = !connected;
                l.restart();
                flying.clear();
                sent_this_session.clear();
            }
        };
        for (int i = 0; i < 200; ++i) {
            std::vector<stream> kinds;
            for (int n = any(4); n >= 0; --n)
                kinds.push_back(any(1) == 0 ? stream::readings : stream::window_1m);
            l.committed(j.commit(kinds), connected);
            if (connected || any(12) == 0)
                step(true);
        }
        for (int i = 0; i < 5'000 && !l.progress().unconfirmed().empty(); ++i)
            step(false);

        std::set<std::uint64_t> expected;
        for (auto const& [pos, r] : j.held)
            if (has(streams, r.kind()))
                expected.insert(r.seq);
        REQUIRE(arrived == expected);
        REQUIRE(l.progress().unconfirmed().empty());
    }
    CHECK(repeats > 0);
}
