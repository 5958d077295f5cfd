#include "agent/journal/layout_table.hpp"
#include "agent/journal/schema.hpp"
#include "tests/journal/support.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace journal_test;
using namespace kilnwatt::journal;

TEST_CASE("layout_table: a layout comes back from its text with every digit", "[journal][layout_table]")
{
    std::mt19937_64 random{3};
    database db{":memory:", database::mode::read_write};
    migrate(db);
    layout_table writer{db};
    for (int i = 0; i < 50; ++i) {
        auto l = *random_layout(random, "d" + std::to_string(i), static_cast<stream>(i % stream_count));
        for (auto& c : l.columns) {
            c.scale = std::ldexp(static_cast<double>(random() % (1ull << 53)), static_cast<int>(random() % 80) - 60);
            c.offset = -1.0 / static_cast<double>(1 + random() % 1000);
            c.exponent_column = static_cast<int>(random() % 3) - 1;
        }
        auto const given = std::make_shared<layout const>(std::move(l));
        auto const stored = writer.intern(given);
        layout_table reader{db};
        auto const found = reader.find(stored.id);
        REQUIRE(found);
        CHECK(*found == *given);
        CHECK(reader.intern(given).id == stored.id);
    }
}

TEST_CASE("layout_table: equal content is one layout, however often it is made", "[journal][layout_table]")
{
    database db{":memory:", database::mode::read_write};
    migrate(db);
    layout_table table{db};
    auto const first = table.intern(simple_layout("a"));
    auto const second = table.intern(simple_layout("a"));
    CHECK(first.id == second.id);
    CHECK(first.layout == second.layout);
    CHECK(table.intern(simple_layout("b")).id != first.id);
    CHECK(db.integer("SELECT count(*) FROM layout") == 2);
}

TEST_CASE("layout_table: what is rolled back is forgotten", "[journal][layout_table]")
{
    database db{":memory:", database::mode::read_write};
    migrate(db);
    layout_table table{db};
    {
        transaction t{db};
        (void)table.intern(simple_layout("a"));
    }
    table.rolled_back();
    CHECK(db.integer("SELECT count(*) FROM layout") == 0);
    CHECK(table.find(table.intern(simple_layout("a")).id) != nullptr);
    CHECK(db.integer("SELECT count(*) FROM layout") == 1);
}

TEST_CASE("layout_table: damaged text is no layout", "[journal][layout_table]")
{
    database db{":memory:", database::mode::read_write};
    migrate(db);
    db.exec("INSERT INTO layout VALUES(1, '{\"device\":'), (2, '{}'), (3, 'x'),"
            "(4, '{\"device\":\"d\",\"stream\":\"readings\",\"source\":\"\",\"columns\":[{\"kind\":\"i65\"}]}')");
    layout_table table{db};
    for (std::uint32_t id = 0; id <= 4; ++id)
        CHECK(table.find(id) == nullptr);
}
