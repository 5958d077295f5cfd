#include "tests/journal/support.hpp"

#include "agent/journal/store.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace journal_test;
using namespace std::chrono_literals;

namespace {

constexpr milliseconds day_one{1'780'272'000'000};

stamp at(milliseconds mono, milliseconds offset)
{
    return {mono_time{mono}, utc_time{mono + offset}};
}

/// Commits one row that was stamped when the commit before it was made.
void commit(journal::store& s, stamp stamped, stamp now)
{
    auto r = simple_row(simple_layout("a"), 1, {1, 2, 3});
    r.time = stamped;
    auto records = s.assemble({r});
    REQUIRE(s.write(records, {}, now).has_value());
}

std::vector<record> all_of(journal::store& s)
{
    position next = 0;
    std::vector<journal::position_range> damaged;
    return *s.read({1, s.head()}, 100, next, damaged);
}

} // namespace

TEST_CASE("journal: rows from before the clock was right are read with their right time, also across a restart",
          "[journal][clock]")
{
    temporary_folder const folder;
    auto const o = options_in(folder);
    std::string why;
    {
        auto s = journal::store::open(o, at(0s, 100s), {"machine", 20s}, why);
        REQUIRE(s.has_value());
        commit(**s, at(1s, 100s), at(1s, 100s));
        auto const found = all_of(**s);
        REQUIRE(found.size() == 1);
        CHECK_FALSE(found[0].trusted);
    }
    auto s = journal::store::open(o, at(0s, 130s), {"machine", 50s}, why);
    REQUIRE(s.has_value());
    commit(**s, at(1s, 130s), at(1s, 130s));
    commit(**s, at(2s, 130s), at(2s, day_one)); // the clock was set between the reading and its commit
    auto const found = all_of(**s);
    REQUIRE(found.size() == 3);
    CHECK(found[0].data.time == at(1s, day_one - 30s));
    CHECK(found[1].data.time == at(1s, day_one));
    CHECK(found[2].data.time == at(2s, day_one));
    for (auto const& r : found)
        CHECK(r.trusted);
}
