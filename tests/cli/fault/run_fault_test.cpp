#include "agent/journal/journal_reader.hpp"
#include "agent/journal/sqlite.hpp"
#include "core/aggregate_columns.hpp"
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <filesystem>
#include <optional>
#include <set>

using namespace kilnwatt;
using namespace kilnwatt::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// One simulated device and agents that poll it, as processes.
struct plant {
    explicit plant(std::string const& journal_file = "journal.db") : journal{folder.file(journal_file)}
    {
        folder.write("site.toml",
                     "schema = 1\n[site]\nname = \"Plant\"\ncontrol_socket = \"\"\n[journal]\npath = \"" + journal +
                         "\"\n[[device]]\nname = \"weather\"\nlink = \"tcp://127.0.0.1:" + std::to_string(free_port()) +
                         "\"\nprofile = \"plant_weather_station\"\nrole = \"weather\"\n");
        simulator.emplace(std::vector<std::string>{KILNWATT_PROGRAM, "simulate", "-c", site()}, folder.file("sim.log"));
        if (!eventually([&] { return log("sim").find("serving") != std::string::npos; }, 20s))
            throw std::runtime_error{"the simulator does not start: " + log("sim")};
    }

    std::string site() const { return folder.file("site.toml"); }
    std::string log(std::string const& name) const { return read_text_file(folder.file(name + ".log")); }

    /// `fault` as the program in agent/ understands it.
    process agent(std::string const& fault = "", std::string const& name = "agent") const
    {
        auto const program = fs::path{KILNWATT_PROGRAM}.parent_path() / "agent_on_failing_disk";
        return {{program.string(), "run", "-c", site()}, folder.file(name + ".log"), {"KILNWATT_TEST_FAULT=" + fault}};
    }

    bool says(std::string const& text, std::string const& name = "agent") const
    {
        return eventually([&] { return log(name).find(text) != std::string::npos; }, 30s);
    }

    /// Waits until so many readings are stored.
    bool stores(std::uint64_t readings) const
    {
        return eventually([&] { return ledger().stored >= readings; }, 30s);
    }

    journal::ledger_entry ledger() const
    {
        std::string why;
        auto reader = journal::journal_reader::open(journal, why);
        if (reader.has_error())
            return {};
        auto const status = reader->status();
        if (status.has_error())
            return {};
        auto const found = status->ledger.find("weather");
        return found == status->ledger.end() ? journal::ledger_entry{} : found->second;
    }

    /// Kinds of the events that are stored; fails the test when the file is not sound.
    std::set<std::string> sound_with_events() const
    {
        std::string why;
        auto reader = journal::journal_reader::open(journal, why);
        INFO(why);
        REQUIRE(reader.has_value());
        auto const findings = reader->integrity_check();
        REQUIRE(findings.has_value());
        CHECK(*findings == std::vector<std::string>{});
        std::set<std::string> kinds;
        journal::record_filter wanted;
        wanted.streams = {stream::event};
        (void)reader->for_each_record(wanted, [&](record const& r) {
            kinds.insert(r.data.texts.at(0));
            return true;
        });
        return kinds;
    }

    scratch_folder folder;
    std::string journal;
    std::optional<process> simulator;
};

int stop(process& agent)
{
    agent.signal(SIGTERM);
    return agent.wait(20s);
}

/// What the agent printed, for the record of a test run.
void quote(plant const& p, std::string const& what, std::string const& name = "agent")
{
    std::string lines;
    std::string const text = p.log(name);
    for (std::size_t at = 0; at < text.size();) {
        auto const end = std::min(text.find('\n', at), text.size());
        auto line = text.substr(at, end - at);
        if (line.find("journal") != std::string::npos || line.find("stopped") != std::string::npos)
            lines += "\n  " + line;
        at = end + 1;
    }
    WARN(what << ':' << lines);
}

} // namespace

// A running process and its disk. The wait is the scenario: a fault that lasts some polls.
TEST_CASE("run: while the disk fails polling goes on, and afterwards storing", "[fault][run]")
{
    struct {
        std::string fault, words;
    } const cases[] = {{"full", "there is no room on the disk"},
                       {"write", "the disk reports an error"},
                       {"sync", "the disk reports an error"}};
    auto const& c = cases[GENERATE(0, 1, 2)];
    plant p;
    auto agent = p.agent(c.fault);
    INFO(c.fault);
    REQUIRE(p.stores(2));
    agent.signal(SIGUSR1);
    REQUIRE(p.says("the journal " + p.journal + " cannot be written: " + c.words +
                   "; readings are not stored until it can"));
    std::this_thread::sleep_for(3s);
    agent.signal(SIGUSR2);
    REQUIRE(p.says("the journal " + p.journal + " can be written again"));
    auto const before = p.ledger().stored;
    CHECK(p.stores(before + 2));
    CHECK(stop(agent) == 0);
    CHECK(p.log("agent").find("stopped; what was read is stored") != std::string::npos);
    auto const l = p.ledger();
    CHECK(l.unstored >= 2); // polled meanwhile
    CHECK(l.read == l.stored + l.unstored);
    CHECK(p.log("agent").find("offline") == std::string::npos);
    CHECK(p.sound_with_events().contains("journal_written_again"));
    quote(p, c.fault);
}

TEST_CASE("run: an agent that is stopped while the disk fails says that not all is stored", "[fault][run]")
{
    plant p;
    auto agent = p.agent("full");
    REQUIRE(p.stores(2));
    agent.signal(SIGUSR1);
    REQUIRE(p.says("cannot be written"));
    CHECK(stop(agent) == 0);
    CHECK(p.says("stopped; the last readings are not stored: the journal " + p.journal + " cannot be written"));
    CHECK(p.log("agent").find("what was read is stored") == std::string::npos);
    (void)p.sound_with_events();
    quote(p, "stopped while full");
}

TEST_CASE("run: on a disk that is full at the start and without a reserve polling goes on, and later storing",
          "[fault][run]")
{
    plant p;
    auto before = p.agent();
    REQUIRE(p.stores(2));
    CHECK(stop(before) == 0);
    auto const held = p.ledger().stored;
    fs::remove(p.journal + ".reserve");
    auto agent = p.agent("full-at-start", "full");
    REQUIRE(p.says("the journal " + p.journal + " cannot be written: there is no room on the disk; readings are not " +
                       "stored until it can",
                   "full"));
    CHECK(p.ledger().stored == held);
    agent.signal(SIGUSR2);
    REQUIRE(p.says("the journal " + p.journal + " can be written again", "full"));
    CHECK(p.stores(held + 2));
    CHECK(stop(agent) == 0);
    CHECK(p.ledger().unstored >= 1);
    CHECK(p.log("full").find("offline") == std::string::npos);
    CHECK(p.sound_with_events().contains("journal_written_again"));
    quote(p, "full at the start, with a journal", "full");
}

TEST_CASE("run: a disk that is full at the first start is said so", "[fault][run]")
{
    plant p;
    auto agent = p.agent("full-at-start");
    CHECK(agent.wait(30s) == 1);
    CHECK(p.says("cannot open the journal " + p.journal + ": database or disk is full"));
    quote(p, "full at the start");
}

TEST_CASE("run: a database that another program has locked costs readings and is told", "[fault][run]")
{
    plant p;
    auto agent = p.agent();
    REQUIRE(p.stores(2));
    {
        journal::database other{p.journal, journal::database::mode::read_write};
        journal::transaction const held_open{other};
        REQUIRE(p.says("cannot be written: another program, a database browser perhaps, holds its lock; end that "
                       "program"));
        std::this_thread::sleep_for(6s); // one commit more: the first may have held no reading
    }
    REQUIRE(p.says("can be written again"));
    CHECK(stop(agent) == 0);
    auto const l = p.ledger();
    CHECK(l.unstored >= 1);
    CHECK(l.read == l.stored + l.unstored);
    quote(p, "locked");
}

TEST_CASE("run: a second agent on the journal ends at once and the first goes on", "[fault][run]")
{
    plant p;
    auto first = p.agent();
    REQUIRE(p.stores(1));
    auto second = p.agent("", "second");
    CHECK(second.wait(20s) == 1);
    CHECK(p.says("the journal " + p.journal + " is in use by process " + std::to_string(first.pid()), "second"));
    auto const before = p.ledger().stored;
    CHECK(p.stores(before + 2));
    CHECK(stop(first) == 0);
    quote(p, "a second agent", "second");
}

TEST_CASE("run: a corrupt journal is set aside, an event says so, and a new one is written", "[fault][run]")
{
    plant p;
    auto const bytes = std::string(50'000, '\x5A') + "no journal";
    p.folder.write("journal.db", bytes);
    auto agent = p.agent();
    REQUIRE(p.says("was set aside as " + p.journal + ".corrupt-"));
    REQUIRE(p.stores(2));
    CHECK(stop(agent) == 0);
    CHECK(p.sound_with_events().contains("journal_set_aside"));
    auto kept = 0;
    for (auto const& f : fs::directory_iterator{p.folder.path()})
        if (f.path().filename().string().starts_with("journal.db.corrupt-")) {
            CHECK(read_text_file(f.path().string()) == bytes);
            ++kept;
        }
    CHECK(kept == 1);
    quote(p, "corrupt");
}

TEST_CASE("run: a journal of a newer program is left alone", "[fault][run]")
{
    plant p;
    {
        auto agent = p.agent();
        REQUIRE(p.stores(1));
        REQUIRE(stop(agent) == 0);
        journal::database db{p.journal, journal::database::mode::read_write};
        db.exec("PRAGMA user_version = 99");
    }
    auto const before = read_text_file(p.journal);
    auto again = p.agent("", "again");
    CHECK(again.wait(20s) == 1);
    CHECK(p.says("the journal " + p.journal + " has schema 99, this program knows up to", "again"));
    CHECK(read_text_file(p.journal) == before);
    quote(p, "newer schema", "again");
}

TEST_CASE("run: a folder that cannot be is named with the reason", "[fault][run]")
{
    plant p{"file/journal.db"}; // root may write every folder, so that a file stands in its place
    p.folder.write("file", "not a folder");
    auto agent = p.agent();
    CHECK(agent.wait(20s) == 1);
    CHECK(p.says("cannot create " + p.journal + ".lock: Not a directory"));
    quote(p, "no folder");
}
