#include "agent/publish/cursor.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <set>

using namespace kilnwatt;
using publish::cursor;
using publish::position_range;
using publish::position_set;

namespace {

std::set<position> positions_of(position_set const& s)
{
    std::set<position> all;
    for (auto const& r : s.ranges())
        for (auto p = r.first; p < r.last; ++p)
            all.insert(p);
    return all;
}

bool is_canonical(position_set const& s)
{
    for (std::size_t i = 0; i < s.ranges().size(); ++i) {
        auto const& r = s.ranges()[i];
        if (r.first >= r.last || (i > 0 && s.ranges()[i - 1].last >= r.first))
            return false;
    }
    return true;
}

} // namespace

TEST_CASE("position_set: behaves like a set of numbers under random additions and removals", "[publish][cursor]")
{
    std::mt19937 random{20261124};
    auto const any = [&](position most) { return std::uniform_int_distribution<position>{0, most}(random); };
    for (int run = 0; run < 200; ++run) {
        position_set set;
        std::set<position> model;
        for (int step = 0; step < 60; ++step) {
            auto const first = any(80);
            position_range const r{first, first + any(12)};
            bool const adding = any(1) == 0;
            if (adding)
                set.add(r);
            else
                set.remove(r);
            for (auto p = r.first; p < r.last; ++p)
                if (adding)
                    model.insert(p);
                else
                    model.erase(p);
            REQUIRE(positions_of(set) == model);
            REQUIRE(is_canonical(set));
            REQUIRE(set.size() == model.size());
            auto const probe = any(100);
            REQUIRE(set.contains(probe) == (model.count(probe) == 1));
        }
    }
}

TEST_CASE("position_set: the first part outside another set is the lowest run of its positions", "[publish][cursor]")
{
    std::mt19937 random{7};
    auto const any = [&](position most) { return std::uniform_int_distribution<position>{0, most}(random); };
    int found = 0;
    for (int run = 0; run < 2000; ++run) {
        position_set set;
        position_set held;
        for (int i = 0; i < 6; ++i) {
            auto const a = any(40);
            set.add({a, a + any(10)});
            auto const b = any(40);
            held.add({b, b + any(6)});
        }
        auto const end = any(50);
        std::set<position> model;
        for (auto const p : positions_of(set))
            if (!held.contains(p) && p < end)
                model.insert(p);
        auto const first = set.first_outside(held, end);
        REQUIRE(first.has_value() == !model.empty());
        if (!first)
            continue;
        ++found;
        REQUIRE(first->first == *model.begin());
        for (auto p = first->first; p < first->last; ++p)
            REQUIRE(model.count(p) == 1);
        REQUIRE(model.count(first->last) == 0);
    }
    CHECK(found > 1000);
}

TEST_CASE("cursor: never skips a position that was not confirmed, and skips all that were while it has room",
          "[publish][cursor]")
{
    std::mt19937 random{99};
    auto const any = [&](position least, position most) {
        return std::uniform_int_distribution<position>{least, most}(random);
    };
    for (int run = 0; run < 60; ++run) {
        cursor c;
        std::set<position> model;
        bool overflowed = false;
        for (int step = 0; step < 400; ++step) {
            if (any(0, 3) == 0) {
                auto const head = c.head() + any(0, 9);
                for (auto p = c.head(); p < head; ++p)
                    model.insert(p);
                c.extend(head);
            } else if (c.head() > 1) {
                auto const p = any(1, c.head() - 1);
                c.confirm(p);
                model.erase(p);
            }
            REQUIRE(c.unconfirmed().ranges().size() <= cursor::ranges_max);
            auto const owed = positions_of(c.unconfirmed());
            REQUIRE(std::includes(owed.begin(), owed.end(), model.begin(), model.end()));
            overflowed = overflowed || owed.size() > model.size();
            if (!overflowed)
                REQUIRE(owed == model);
            REQUIRE(c.lowest() == (owed.empty() ? c.head() : *owed.begin()));
        }
    }
}

TEST_CASE("cursor: on overflow the two nearest ranges become one", "[publish][cursor]")
{
    cursor c;
    c.extend(10'000);
    // Left over: the singles 10, 20 ... 630, and everything from 640 on.
    for (position next = 10, at = 1; next <= 640; at = next + 1, next += 10)
        c.confirm(position_range{at, next});
    REQUIRE(c.unconfirmed().ranges().size() == 64);
    c.confirm(position_range{640, 650}); // shortens a range
    REQUIRE(c.unconfirmed().ranges().size() == 64);
    CHECK_FALSE(c.contains(640));
    c.confirm(position_range{9'000, 9'002}); // splits one: the gap of two is the smallest
    CHECK(c.unconfirmed().ranges().size() == 64);
    CHECK(c.contains(9'000));
    CHECK_FALSE(c.contains(11));
}

TEST_CASE("cursor: is written compactly and read back the same", "[publish][cursor]")
{
    cursor c;
    CHECK(c.text() == "c1 1");
    c.extend(43);
    c.confirm(position_range{1, 17});
    c.confirm(position_range{20, 31});
    CHECK(c.text() == "c1 43 17-20 31-43");
    REQUIRE(cursor::parse(c.text()).has_value());
    CHECK(*cursor::parse(c.text()) == c);

    cursor far{18446744073709551000u};
    far.extend(18446744073709551615u);
    REQUIRE(cursor::parse(far.text()).has_value());
    CHECK(*cursor::parse(far.text()) == far);
}

TEST_CASE("cursor: text that is not exactly a cursor is refused", "[publish][cursor]")
{
    std::string many = "c1 1000";
    for (int i = 0; i < 65; ++i)
        many += " " + std::to_string(3 * i + 1) + "-" + std::to_string(3 * i + 2);
    std::vector<std::string> const wrong{"",
                                         "c1",
                                         "c1 ",
                                         "c2 5",
                                         "c15",
                                         "c1 5 ",
                                         " c1 5",
                                         "c1  5",
                                         "c1 05",
                                         "c1 +5",
                                         "c1 -5",
                                         "c1 5 1",
                                         "c1 5 1-",
                                         "c1 5 1-6",
                                         "c1 5 3-3",
                                         "c1 5 3-2",
                                         "c1 5 3-4 1-2",
                                         "c1 5 1-2 2-3",
                                         "c1 5 1-3 2-4",
                                         "c1 5 1-2x",
                                         "c1 5 1 -2",
                                         "c1 18446744073709551616",
                                         "c1 5 1-2\n",
                                         std::string("c1 5\0", 5),
                                         many};
    for (auto const& text : wrong) {
        INFO(text);
        CHECK_FALSE(cursor::parse(text).has_value());
    }
}
