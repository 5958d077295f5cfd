#include "agent/journal/commit_queue.hpp"
#include "tests/journal/support.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::journal;
using namespace journal_test;
using namespace std::chrono_literals;

namespace {

row any_row()
{
    static auto const l = simple_layout("a");
    return simple_row(l, 0, {1, 2, 3});
}

constexpr auto now = mono_time::min(); // take() does not wait

} // namespace

TEST_CASE("commit_queue: rows wait until the commit is due", "[journal][commit_queue]")
{
    commit_queue q{plant_clock{}, 1h, 100};
    CHECK(q.push(any_row()));
    CHECK_FALSE(q.take(now).commit);

    SECTION("half of the room taken makes it due")
    {
        for (int i = 1; i < 50; ++i)
            CHECK(q.push(any_row()));
        auto const w = q.take(now);
        CHECK(w.commit);
        CHECK(w.rows.size() == 50);
    }
    SECTION("a close makes it due, and nothing is taken in any more")
    {
        q.close();
        CHECK_FALSE(q.push(any_row()));
        auto const w = q.take(now);
        CHECK(w.closed);
        CHECK(w.commit);
        CHECK(w.rows.size() == 1);
    }
}

TEST_CASE("commit_queue: with commit 0 a row is due at once", "[journal][commit_queue]")
{
    commit_queue q{plant_clock{}, 0ms, 100};
    q.push(any_row());
    auto const w = q.take(now);
    CHECK(w.commit);
    CHECK(w.rows.size() == 1);
    CHECK_FALSE(q.take(now).commit);
}

TEST_CASE("commit_queue: rows beyond the room are refused", "[journal][commit_queue]")
{
    commit_queue q{plant_clock{}, 1h, 4};
    for (int i = 0; i < 4; ++i)
        CHECK(q.push(any_row()));
    CHECK_FALSE(q.push(any_row()));
}

TEST_CASE("commit_queue: the newest cursor of a sink counts, also against one given back", "[journal][commit_queue]")
{
    commit_queue q{plant_clock{}, 0ms, 100};
    q.put("scada", {"1", 1});
    q.push(any_row()); // cursors ride in the next commit
    auto w = q.take(now);
    REQUIRE(w.cursors.at("scada").body == "1");
    q.put("scada", {"2", 2});
    q.give_back(std::move(w.cursors));
    q.push(any_row());
    CHECK(q.take(now).cursors.at("scada").body == "2");
}

TEST_CASE("commit_queue: reads are answered one at a time, in order, between commits", "[journal][commit_queue]")
{
    commit_queue q{plant_clock{}, 1h, 100};
    CHECK(q.ask({{1, 2}, 1, {}}));
    CHECK(q.ask({{2, 3}, 1, {}}));
    CHECK(q.take(now).read->range == position_range{1, 2});
    CHECK(q.take(now).read->range == position_range{2, 3});
    CHECK_FALSE(q.take(now).read.has_value());
    q.close();
    CHECK_FALSE(q.ask({{1, 2}, 1, {}}));
}
