#include "agent/journal/journal.hpp"
#include "agent/journal/journal_reader.hpp"

#include "tests/journal/support.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace journal_test;

TEST_CASE("journal: what a device has taught rides in the commits and is there after a restart", "[journal][memory]")
{
    temporary_folder const folder;
    auto const o = options_in(folder);
    {
        auto j = open(o);
        CHECK(j->load_memory("meter").empty());
        j->start();
        j->save_memory("meter", "old");
        j->save_memory("meter", "hole 3 1 1\n");
        j->save_memory("pv", "model 1\n");
        j->stop();
    }
    auto j = open(o);
    CHECK(j->load_memory("meter") == "hole 3 1 1\n");
    CHECK(j->load_memory("pv") == "model 1\n");
    CHECK(j->load_cursor("meter").empty());
}

TEST_CASE("journal: what a device has taught is no sink", "[journal][memory]")
{
    temporary_folder const folder;
    auto const o = options_in(folder);
    {
        auto j = open(o);
        j->start();
        j->save_cursor("scada", "x", 5);
        j->save_memory("meter", "hole 3 1 1\n");
        j->stop();
    }
    std::string why;
    auto reader = journal::journal_reader::open(o.path, why);
    REQUIRE(reader.has_value());
    auto const status = reader->status();
    REQUIRE(status.has_value());
    CHECK(status->cursors.size() == 1);
    CHECK(status->cursors.count("scada") == 1);
}
