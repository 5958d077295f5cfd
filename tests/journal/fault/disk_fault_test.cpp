#include "agent/journal/journal_reader.hpp"
#include "agent/journal/sqlite.hpp"
#include "tests/journal/fault/failing_disk.hpp"
#include "tests/journal/support.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>
#include <mutex>

#include <sys/wait.h>
#include <unistd.h>

using namespace kilnwatt;
using namespace journal_test;

namespace {

/// A journal and all it says, for one test.
struct bench {
    explicit bench(journal::options const& o) : j{open(o)}
    {
        j->on_commit(stored.handler());
        j->on_unstored(lost.handler());
        j->on_failure([this](std::string const& s) {
            std::lock_guard const lock{mutex};
            said.push_back(s);
        });
        j->start();
    }

    std::vector<std::string> sentences()
    {
        std::lock_guard const lock{mutex};
        return said;
    }

    bool append(std::int64_t i) { return j->append(simple_row(simple_layout("a"), i, {i, 2, 3})); }

    collector stored, lost;
    std::mutex mutex;
    std::vector<std::string> said;
    std::unique_ptr<journal::journal> j;
};

/// What the file holds, in order of position, by the first column; fails the test when the file is not sound.
std::vector<std::int64_t> held(std::string const& path)
{
    std::string why;
    auto reader = journal::journal_reader::open(path, why);
    INFO(why);
    REQUIRE(reader.has_value());
    auto const findings = reader->integrity_check();
    REQUIRE(findings.has_value());
    CHECK(*findings == std::vector<std::string>{});
    std::vector<std::int64_t> values;
    auto const damaged = reader->for_each_record({}, [&](record const& r) {
        values.push_back(static_cast<std::int64_t>(r.data.cells[0].bits));
        return true;
    });
    REQUIRE(damaged.has_value());
    CHECK(damaged->empty());
    return values;
}

std::vector<std::int64_t> values_of(batch const& records)
{
    std::vector<std::int64_t> values;
    for (auto const& r : records)
        values.push_back(static_cast<std::int64_t>(r.data.cells[0].bits));
    return values;
}

} // namespace

TEST_CASE("fault: while the disk fails rows are taken, counted and told, and none is called stored", "[fault]")
{
    struct {
        int write, sync;
        std::string words;
    } const cases[] = {{SQLITE_FULL, SQLITE_OK, "there is no room on the disk"},
                       {SQLITE_IOERR_WRITE, SQLITE_OK, "the disk reports an error"},
                       {SQLITE_OK, SQLITE_IOERR_FSYNC, "the disk reports an error"}};
    auto const& c = cases[GENERATE(0, 1, 2)];
    INFO(c.words << ' ' << c.write << ' ' << c.sync);
    temporary_folder const folder;
    auto const o = options_in(folder);
    failing_disk disk;
    {
        bench b{o};
        for (int i = 0; i < 20; ++i)
            REQUIRE(b.append(i));
        b.stored.wait_for(20);
        disk.fail_writes(c.write);
        disk.fail_syncs(c.sync);
        for (int i = 20; i < 30; ++i)
            CHECK(b.append(i));
        b.lost.wait_for(10);
        CHECK_FALSE(b.j->writes());
        CHECK(b.sentences() == std::vector{fmt::format("the journal {} cannot be written: {}; readings are not stored "
                                                       "until it can",
                                                       o.path, c.words)});
        CHECK(b.j->ledger().at("a").stored == 20);
        CHECK(b.j->ledger().at("a").unstored == 10);
        disk.work();
        for (int i = 30; i < 40; ++i)
            CHECK(b.append(i));
        b.stored.wait_for(30);
        CHECK(b.j->writes());
        CHECK(b.sentences().back() == fmt::format("the journal {} can be written again", o.path));
        auto const l = b.j->ledger().at("a");
        CHECK(l.read == 40);
        CHECK(l.read == l.stored + l.unstored);
        b.j->stop();
        CHECK(held(o.path) == values_of(b.stored.all()));
    }
    auto const again = open(o)->ledger().at("a");
    CHECK(again.stored == 30);
    CHECK(again.unstored == 10); // the count survives the restart
}

TEST_CASE("fault: with a disk that fails at random every row is stored or counted as unstored, never both", "[fault]")
{
    temporary_folder const folder;
    auto o = options_in(folder);
    o.segment_bytes = 4'096;
    failing_disk disk;
    std::mt19937_64 random{11};
    bench b{o};
    constexpr int rows = 2'000;
    for (int i = 0; i < rows; ++i) {
        switch (random() % 8) {
        case 0:
            disk.fail_writes(SQLITE_IOERR_WRITE);
            break;
        case 1:
            disk.fail_syncs(SQLITE_IOERR_FSYNC);
            break;
        case 2:
        case 3:
            disk.work();
            break;
        default:
            break;
        }
        CHECK(b.append(i));
        if (i % 4 == 0)
            (void)read(*b.j, {1, 1}, 0); // the journal's thread keeps up, so that it meets many states of the disk
    }
    disk.work();
    b.j->stop();
    auto const stored = values_of(b.stored.all());
    auto const lost = values_of(b.lost.all());
    CHECK_FALSE(stored.empty());
    CHECK_FALSE(lost.empty());
    CHECK(stored.size() + lost.size() == rows);
    auto const l = b.j->ledger().at("a");
    CHECK(l.read == rows);
    CHECK(l.stored == stored.size());
    CHECK(l.unstored == lost.size());
    CHECK(held(o.path) == stored);
}

TEST_CASE("fault: events that the disk refuses are counted as unstored under the plant's own name", "[fault]")
{
    temporary_folder const folder;
    auto const o = options_in(folder);
    failing_disk disk;
    auto const event = simple_layout("site", 3, stream::event);
    {
        bench b{o};
        for (int i = 0; i < 5; ++i)
            REQUIRE(b.j->append(simple_row(event, i, {i, 2, 3})));
        b.stored.wait_for(5);
        disk.fail_writes(SQLITE_FULL);
        for (int i = 5; i < 8; ++i)
            REQUIRE(b.j->append(simple_row(event, i, {i, 2, 3})));
        REQUIRE(b.append(8));
        b.lost.wait_for(1);
        CHECK(b.lost.all().front().kind() == stream::readings); // an event has no state to show
        disk.work();
        b.j->stop();
    }
    auto const l = open(o)->ledger();
    CHECK(l.at("site").read == 8);
    CHECK(l.at("site").stored == 5);
    CHECK(l.at("site").unstored == 3);
    CHECK(l.at("a").unstored == 1);
}

TEST_CASE("fault: a full disk without the reserve, and without room for shared memory, does not keep it from starting",
          "[fault]")
{
    bool const without_memory = GENERATE(false, true);
    temporary_folder const folder;
    auto o = options_in(folder);
    failing_disk disk;
    {
        bench first{o};
        REQUIRE(first.append(1));
        first.j->stop();
    }
    std::filesystem::remove(o.path + ".reserve");
    disk.fail_writes(SQLITE_FULL);
    if (without_memory)
        disk.fail_memory(SQLITE_IOERR_SHMSIZE);
    {
        bench second{o};
        CHECK(second.j->head() == 2);
        CHECK(second.j->boot() == 2);
        REQUIRE(second.append(2));
        second.lost.wait_for(1);
        CHECK_FALSE(second.j->writes());
        CHECK(second.sentences().front().find("cannot be written: there is no room on the disk") != std::string::npos);
        disk.work();
        REQUIRE(second.append(3));
        second.stored.wait_for(1);
        CHECK(second.j->writes());
        second.j->stop();
        auto const l = second.j->ledger().at("a");
        CHECK(l.read == l.stored + l.unstored);
        CHECK(l.unstored >= 1);
    }
    auto const values = held(o.path);
    CHECK(values.front() == 1);
    CHECK(values.back() == 3);
    CHECK(std::count(values.begin(), values.end(), 2) == 0);
    bench third{o};
    CHECK(third.j->boot() == 3);
    third.j->stop();
}

TEST_CASE("fault: a database that another program has locked costs rows, not the agent", "[fault]")
{
    temporary_folder const folder;
    auto const o = options_in(folder);
    bench b{o};
    REQUIRE(b.append(0));
    b.stored.wait_for(1);
    {
        journal::database other{o.path, journal::database::mode::read_write};
        journal::transaction const held_open{other};
        CHECK(b.append(1));
        b.lost.wait_for(1); // after SQLite's own patience of 5 s
        CHECK_FALSE(b.j->writes());
        CHECK(b.sentences().front().find("another program, a database browser perhaps, holds its lock; end that "
                                         "program") != std::string::npos);
    }
    CHECK(b.append(2));
    b.stored.wait_for(2);
    CHECK(b.j->writes());
    b.j->stop();
    CHECK(held(o.path) == std::vector<std::int64_t>{0, 2});
}

TEST_CASE("fault: in a folder that cannot be written the agent is told which file and why", "[fault]")
{
    temporary_folder const folder;
    auto const o = options_in(folder);
    auto const parent = std::filesystem::path{o.path}.parent_path();
    std::filesystem::permissions(parent, std::filesystem::perms{0555});
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    auto const child = ::fork();
    if (child == 0) {
        constexpr uid_t nobody = 65'534; // root may write everywhere
        if (::geteuid() == 0 && ::setuid(nobody) != 0)
            ::_exit(2);
        std::string why;
        auto const opened = journal::journal::open(o, plant_clock{}, why);
        auto const told = ::write(ends[1], why.data(), why.size()) == static_cast<ssize_t>(why.size());
        ::_exit(opened.has_error() && told ? 0 : 1);
    }
    ::close(ends[1]);
    char text[1'024];
    auto const n = ::read(ends[0], text, sizeof text);
    ::close(ends[0]);
    int status = -1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    std::filesystem::permissions(parent, std::filesystem::perms{0755});
    CHECK(status == 0);
    REQUIRE(n > 0);
    CHECK((std::string{text, static_cast<std::size_t>(n)}) == "cannot create " + o.path + ".lock: Permission denied");
}
