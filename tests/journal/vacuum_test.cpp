#include "agent/journal/error.hpp"
#include "agent/journal/journal_reader.hpp"
#include "agent/journal/sqlite.hpp"
#include "agent/journal/vacuum.hpp"
#include "tests/journal/support.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

using namespace kilnwatt;
using namespace journal_test;

namespace {

/// A journal that once held much and whose limit was lowered: most of the file is free pages.
journal::options shrunk(temporary_folder const& folder)
{
    auto o = options_in(folder);
    o.segment_bytes = 64 << 10;
    {
        auto j = open(o);
        j->start();
        std::mt19937_64 random{1};
        auto const l = simple_layout("a", 50);
        for (int i = 0; i < 8'000; ++i) {
            auto r = simple_row(l, i, {});
            for (std::size_t c = 0; c < 50; ++c)
                r.cells.push_back(cell_of(static_cast<std::int64_t>(random())));
            REQUIRE(j->append(std::move(r)));
            if (i % 50 == 0)
                (void)read(*j, {1, 1}, 0); // several commits, so that there are several segments
        }
    }
    o.budgets[0].bytes = 512 << 10;
    auto j = open(o);
    j->start();
    for (int i = 0; i < 1'000 && j->oldest() < 4'000; ++i)
        (void)read(*j, {1, 1}, 0); // retention takes a step between two reads
    REQUIRE(j->oldest() >= 4'000);
    return o;
}

bool go_on(double)
{
    return true;
}

} // namespace

TEST_CASE("vacuum: gives free pages back and keeps every record, owner and mode", "[journal][vacuum]")
{
    temporary_folder const folder;
    auto const o = shrunk(folder);
    ::chmod(o.path.c_str(), 0640);
    std::string why;
    std::vector<record> before;
    auto const collect = [&](std::vector<record>& to) {
        auto reader = journal::journal_reader::open(o.path, why);
        REQUIRE(reader.has_value());
        CHECK(reader->integrity_check()->empty());
        REQUIRE(reader
                    ->for_each_record({},
                                      [&](record const& r) {
                                          to.push_back(r);
                                          return true;
                                      })
                    .has_value());
    };
    collect(before);
    double last = 0;
    auto const done = journal::vacuum(
        o.path,
        [&](double share) {
            CHECK(share >= last);
            last = share;
            return true;
        },
        why);
    INFO(why);
    REQUIRE(done.has_value());
    CHECK(last == 1.0);
    CHECK(done->bytes_after < done->bytes_before / 2);
    CHECK(done->bytes_after == std::filesystem::file_size(o.path));
    CHECK(folder.files() == std::vector<std::string>{"journal.db", "journal.db.lock", "journal.db.reserve"});
    struct stat s {};
    REQUIRE(::stat(o.path.c_str(), &s) == 0);
    CHECK((s.st_mode & 0777) == 0640);
    std::vector<record> after;
    collect(after);
    REQUIRE(after.size() == before.size());
    for (std::size_t i = 0; i < after.size(); ++i)
        REQUIRE((after[i].pos == before[i].pos && same(after[i].data, before[i].data)));

    auto j = open(o);
    j->start();
    CHECK(j->append(simple_row(simple_layout("a"), 1, {1, 2, 3})));
}

TEST_CASE("vacuum: is refused while an agent has the journal, and while another program is in it", "[journal][vacuum]")
{
    temporary_folder const folder;
    auto const o = options_in(folder);
    auto agent = open(o);
    agent->start();
    std::string why;
    CHECK(journal::vacuum(o.path, go_on, why).error() == journal::errc::in_use);
    CHECK(why ==
          "the journal " + o.path + " is in use by process " + std::to_string(::getpid()) + "; stop the agent first");
    agent.reset();
    journal::database other{o.path, journal::database::mode::read_only};
    auto rows = other.prepare("SELECT * FROM meta");
    REQUIRE(rows.step());
    CHECK(journal::vacuum(o.path, go_on, why).error() == journal::errc::locked);
    CHECK(why.find("another program, a database browser perhaps") != std::string::npos);
    rows.reset();
}

TEST_CASE("vacuum: one that is stopped or killed leaves the old file as it was", "[journal][vacuum]")
{
    temporary_folder const folder;
    auto const o = shrunk(folder);
    std::ofstream{o.path + ".vacuum"} << "of a run that was killed";
    std::string why;
    auto const stop = [](double) { return false; };
    CHECK(journal::vacuum(o.path, stop, why).has_error());
    CHECK(why == "cannot vacuum the journal " + o.path + ": interrupted");
    CHECK_FALSE(std::filesystem::exists(o.path + ".vacuum"));
    auto reader = journal::journal_reader::open(o.path, why);
    REQUIRE(reader.has_value());
    CHECK(reader->integrity_check()->empty());
}

TEST_CASE("vacuum: what is no journal is left alone", "[journal][vacuum]")
{
    temporary_folder const folder;
    std::string why;
    CHECK(journal::vacuum(folder.path("absent.db"), go_on, why).error() == journal::errc::cannot_open);
    CHECK(why == "there is no journal " + folder.path("absent.db"));
    CHECK(folder.files().empty());
    journal::database{folder.path("other.db"), journal::database::mode::read_write}.exec("CREATE TABLE theirs(x)");
    CHECK(journal::vacuum(folder.path("other.db"), go_on, why).error() == journal::errc::corrupt);
}
