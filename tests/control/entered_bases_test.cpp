#include "agent/control/entered_bases.hpp"

#include "agent/entries/entry_book.hpp"
#include "agent/journal/inbox.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;

namespace {

energy::plant_model with_target(double aim)
{
    energy::plant_model m;
    energy::target_model t{"energy_per_tonne", "tce.unit", "kgce/t", 0, 0.3871, 2020, 2023, "plan"};
    t.base_is_entered = true;
    t.aim = aim;
    m.targets = {t};
    return m;
}

void store(std::string const& path, std::vector<entries::entry> const& all)
{
    std::vector<row> rows;
    for (auto const& e : all)
        rows.push_back(entries::to_row(e));
    std::string why;
    auto const stored = journal::deposit(path, rows, why);
    INFO(why);
    REQUIRE(stored.has_value());
}

} // namespace

TEST_CASE("entered_bases: the agent takes the base of a target from what was imported", "[control][target]")
{
    test::scratch_folder const folder;
    auto const path = folder.file("journal.db");
    store(path, {{"electricity", "kWh", "2020", 200 * 1000 / 0.1229, "bill", "Li", 0},
                 {"production", "t", "2020", 1000, "MES", "Chen", 0}});
    auto m = with_target(122.58);
    m.targets = control::entered_bases{m, path}.targets();
    CHECK(m.targets[0].base == Approx(200));
    CHECK(m.targets[0].reduction == Approx(0.3871)); // of the aim
    CHECK(m.targets[0].base_source.find("(bill, Li)") != std::string::npos);
    CHECK(m.targets[0].base_source.find("production 1000 t (MES, Chen)") != std::string::npos);
}

TEST_CASE("entered_bases: a base that is missing, or not above the aim, is none and says why", "[control][target]")
{
    test::scratch_folder const folder;
    auto const path = folder.file("journal.db");
    auto m = with_target(0);
    m.targets = control::entered_bases{m, path}.targets();
    CHECK(m.targets[0].base == 0);
    CHECK_FALSE(m.targets[0].base_source.empty());

    store(path, {{"electricity", "kWh", "2020", 100 * 1000 / 0.1229, "bill", "Li", 0}});
    m.targets = control::entered_bases{m, path}.targets();
    CHECK(m.targets[0].base_source == "2020: no production in t is entered for it; enter it with `kilnwatt import` or "
                                      "`kilnwatt production add`");
    store(path, {{"production", "t", "2020", 1000, "MES", "Chen", 0}});
    auto low = with_target(122.58);
    low.targets = control::entered_bases{low, path}.targets();
    CHECK(low.targets[0].base == 0);
    CHECK(low.targets[0].base_source.find("is not above 0 and the aim") != std::string::npos);
}

TEST_CASE("entered_bases: what is imported while the agent runs changes the base, and what says nothing new does not",
          "[control][target]")
{
    test::scratch_folder const folder;
    control::entered_bases bases{with_target(122.58), folder.file("journal.db")};
    CHECK(bases.targets()[0].base == 0);
    auto const row_of = [](char const* item, char const* unit, double value, std::uint32_t revision) {
        return entries::to_row({item, unit, "2020", value, "bill", "Li", revision});
    };
    CHECK(bases.take({row_of("electricity", "kWh", 200 * 1000 / 0.1229, 0)})); // why there is none is another now
    auto const both = bases.take({row_of("production", "t", 1000, 0)});
    REQUIRE(both);
    CHECK(both->at(0).base == Approx(200));
    CHECK(both->at(0).reduction == Approx(0.3871));
    CHECK_FALSE(bases.take({row_of("production", "t", 1000, 0)})); // as in a replay
    CHECK_FALSE(bases.take({row_of("material", "t", 5, 0)}));
    CHECK(bases.take({row_of("production", "t", 800, 1)})->at(0).base == Approx(250));
    auto const wrong = bases.take({row_of("production", "t", 2000, 2)});
    REQUIRE(wrong);
    CHECK(wrong->at(0).base == 0); // not above the aim: no stale one stays
}
