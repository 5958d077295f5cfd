#include "agent/journal/error.hpp"
#include "agent/journal/schema.hpp"
#include "tests/journal/support.hpp"

#include <catch2/catch.hpp>

#include <fstream>

#include <unistd.h>

using namespace kilnwatt;
using namespace journal_test;

namespace {

void fill(journal::options const& o, int rows = 20)
{
    auto j = open(o);
    j->start();
    for (int i = 0; i < rows; ++i)
        REQUIRE(j->append(simple_row(simple_layout("a"), i, {i, 2, 3})));
}

struct opening {
    result<std::unique_ptr<journal::journal>> opened;
    std::string why;
};

opening try_open(journal::options const& o)
{
    std::string why;
    auto opened = journal::journal::open(o, plant_clock{}, why);
    return {std::move(opened), why};
}

bool has_file(temporary_folder const& folder, std::string const& part)
{
    for (auto const& name : folder.files())
        if (name.find(part) != std::string::npos)
            return true;
    return false;
}

} // namespace

TEST_CASE("store: a second agent is refused and told who has the file", "[journal][store]")
{
    temporary_folder const folder;
    auto const o = options_in(folder);
    auto first = open(o);
    auto const second = try_open(o);
    REQUIRE(second.opened.has_error());
    CHECK(second.opened.error() == journal::errc::in_use);
    CHECK(second.opened.error() == remedy::reconfigure);
    CHECK(second.why == "the journal " + o.path + " is in use by process " + std::to_string(::getpid()));

    first.reset();
    CHECK(try_open(o).opened.has_value());
}

TEST_CASE("store: a file that is no journal is set aside and kept, and a new epoch starts", "[journal][store]")
{
    temporary_folder const folder;
    auto const o = options_in(folder);
    auto const kind = GENERATE(0, 1, 2, 3, 4, 5);
    std::string expected;
    switch (kind) {
    case 0: { // random bytes
        std::ofstream out{o.path};
        std::mt19937_64 random{7};
        for (int i = 0; i < 20'000; ++i)
            out << static_cast<char>(random());
        expected = "file is not a database";
        break;
    }
    case 1: { // another program's
        journal::database db{o.path, journal::database::mode::read_write};
        db.exec("CREATE TABLE theirs(x)");
        expected = "it is the database of another program";
        break;
    }
    case 2: // cut short
        fill(o, 2'000);
        std::filesystem::resize_file(o.path, std::filesystem::file_size(o.path) / 2);
        expected = "malformed";
        break;
    case 3: { // a table is gone
        fill(o);
        journal::database db{o.path, journal::database::mode::read_write};
        db.exec("DROP TABLE clock");
        expected = "its table clock is missing";
        break;
    }
    case 4: { // the newest segment is gone
        fill(o);
        journal::database db{o.path, journal::database::mode::read_write};
        db.exec("DROP TABLE segment_1; UPDATE meta SET value = 1 WHERE key = 'counted'");
        expected = "its table segment_1 is missing";
        break;
    }
    default: { // its newest rows were overwritten
        fill(o);
        journal::database db{o.path, journal::database::mode::read_write};
        db.exec("UPDATE segment_1 SET body = x'0107'; UPDATE meta SET value = 1 WHERE key = 'counted'");
        expected = "its newest rows do not decode";
        break;
    }
    }
    INFO("kind " << kind);
    auto now = try_open(o);
    INFO(now.why);
    REQUIRE(now.opened.has_value());
    CHECK(now.why.find("was set aside as " + o.path + ".corrupt-") != std::string::npos);
    CHECK(now.why.find(expected) != std::string::npos);
    CHECK(has_file(folder, "journal.db.corrupt-"));
    auto& j = **now.opened;
    j.start();
    CHECK(j.head() == 1);
    CHECK(j.append(simple_row(simple_layout("a"), 1, {1, 2, 3})));
}

TEST_CASE("store: a statement that SQLite refuses is no damage: the file stays where it is", "[journal][store]")
{
    temporary_folder const folder;
    auto const o = options_in(folder);
    fill(o);
    {
        journal::database db{o.path, journal::database::mode::read_write};
        db.exec("ALTER TABLE boot RENAME COLUMN started TO begun");
    }
    auto const now = try_open(o);
    REQUIRE(now.opened.has_error());
    CHECK(now.opened.error() == journal::errc::refused);
    CHECK(now.why == "cannot open the journal " + o.path + ": table boot has no column named started");
    CHECK_FALSE(has_file(folder, "corrupt"));
}

TEST_CASE("store: a journal of a newer program is refused and left as it is", "[journal][store]")
{
    temporary_folder const folder;
    auto const o = options_in(folder);
    fill(o);
    {
        journal::database db{o.path, journal::database::mode::read_write};
        db.exec("PRAGMA user_version = 99");
    }
    auto const size = std::filesystem::file_size(o.path);
    auto const now = try_open(o);
    REQUIRE(now.opened.has_error());
    CHECK(now.opened.error() == journal::errc::newer_schema);
    CHECK(now.why.find("has schema 99, this program knows up to") != std::string::npos);
    CHECK(std::filesystem::file_size(o.path) == size);
    CHECK_FALSE(has_file(folder, "corrupt"));
}

TEST_CASE("store: a folder that is not there is said so", "[journal][store]")
{
    temporary_folder const folder;
    auto o = options_in(folder);
    o.path = folder.path("absent/journal.db");
    auto const now = try_open(o);
    REQUIRE(now.opened.has_error());
    CHECK(now.opened.error() == journal::errc::cannot_open);
    CHECK(now.why == "cannot create " + o.path + ".lock: No such file or directory");
}
