#include "agent/cli/event_feed.hpp"
#include "agent/cli/time_argument.hpp"
#include "agent/journal/journal.hpp"
#include "agent/publish/saved_cursor.hpp"
#include "core/event_row.hpp"
#include "tests/cli/typed_commands.hpp"
#include "tests/support/process.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <sstream>

using namespace kilnwatt;
using namespace kilnwatt::cli;
using namespace std::chrono_literals;

namespace {

utc_time const midnight{std::chrono::seconds{1'773'532'800}}; // 2026-03-15T00:00:00Z

stamp at(milliseconds after)
{
    return {mono_time{after}, midnight + after};
}

row reading(std::string const& device, milliseconds after, double power, std::int64_t state)
{
    layout l{device, stream::readings, "test", {}};
    l.columns.push_back({.name = "active_power", .unit = "W", .kind = value_kind::f64});
    l.columns.push_back({.name = "status", .states = {{4, "running"}}});
    return {std::make_shared<layout const>(std::move(l)), at(after), {cell_of(power), cell_of(state)}, {}};
}

/// Commands on a journal that holds two devices' readings, a minute apart from 2026-03-15, and three events.
class desk : public typed_commands {
public:
    desk() : typed_commands{{add_journal, add_events}}
    {
        journal::options o;
        o.path = path();
        std::string why;
        auto opened = journal::journal::open(o, plant_clock{}, why);
        REQUIRE(opened.has_value());
        auto& j = **opened;
        for (int i = 0; i < 3; ++i)
            for (auto const* const device : {"mill", "press"})
                REQUIRE(j.append(reading(device, i * 1min, 1'000.5 + i, 4)));
        REQUIRE(j.append(event_row("device_state", "mill", event_severity::warning, "offline: no answer", at(1min))));
        REQUIRE(j.append(event_row("device_state", "mill", event_severity::info, "online", at(2min))));
        REQUIRE(j.append(event_row("counter_reset", "press", event_severity::warning, "fell, \"12\" to 3", at(3min))));
        j.stop();
    }

    std::string path() const { return folder.file("journal.db"); }
    auto lines() const
    {
        auto const text = out.str();
        return std::count(text.begin(), text.end(), '\n');
    }

    test::scratch_folder folder;
};

} // namespace

TEST_CASE("events: what happened, in order, tab-separated in a pipe", "[cli][events]")
{
    desk d;
    REQUIRE(d.run("events " + d.path()) == exit_code::ok);
    CHECK(d.out.str() == "time\tseverity\tkind\tdevice\ttext\n"
                         "2026-03-15T00:01:00.000Z\twarning\tdevice_state\tmill\toffline: no answer\n"
                         "2026-03-15T00:02:00.000Z\tinfo\tdevice_state\tmill\tonline\n"
                         "2026-03-15T00:03:00.000Z\twarning\tcounter_reset\tpress\tfell, \"12\" to 3\n");
    CHECK(d.err.str().empty());
}

TEST_CASE("events: are chosen by device, kind and time, and as JSON", "[cli][events]")
{
    desk d;
    REQUIRE(d.run("events --device press --json " + d.path()) == exit_code::ok);
    CHECK(d.out.str() == R"({"time":"2026-03-15T00:03:00.000Z","severity":"warning","kind":"counter_reset",)"
                         R"("device":"press","text":"fell, \"12\" to 3"})"
                         "\n");
    REQUIRE(d.run("events --kind device_state " + d.path()) == exit_code::ok);
    CHECK(d.lines() == 3);
    REQUIRE(d.run("events --since 2026-03-15T00:02 --until 2026-03-15T00:03:00Z " + d.path()) == exit_code::ok);
    CHECK(d.lines() == 2);
    REQUIRE(d.run("events --since 2h " + d.path()) == exit_code::ok);
    CHECK(d.lines() == 1);
    REQUIRE(d.run("events --last 2 " + d.path()) == exit_code::ok);
    CHECK(d.lines() == 3);
    CHECK(d.err.str() == "events: 1 older ones are left out; --last shows more\n");
}

TEST_CASE("event_feed: tells each event once, also those of the agent meanwhile and of a new file", "[cli][events]")
{
    test::scratch_folder const folder;
    auto const path = folder.file("journal.db");
    auto const open = [&] {
        journal::options o;
        o.path = path;
        std::string why;
        return std::move(journal::journal::open(o, plant_clock{}, why).value());
    };
    auto const write = [&](journal::journal& j, std::string const& kind) {
        REQUIRE(j.append(event_row(kind, "mill", event_severity::info, "text", at(1min))));
        j.stop();
    };
    event_feed feed{path, {.kinds = {"one", "two", "three"}}};
    std::string why;
    auto const told = [&] {
        std::vector<std::string> kinds;
        for (auto const& e : feed.next(why).value())
            kinds.push_back(e.what.kind);
        return kinds;
    };
    using kinds = std::vector<std::string>;
    CHECK(feed.next(why).has_error());
    CHECK(why.find(path) != std::string::npos);
    write(*open(), "one");
    CHECK(told() == kinds{"one"});
    CHECK(told().empty());
    write(*open(), "unwanted");
    CHECK(told().empty());
    write(*open(), "two");
    CHECK(told() == kinds{"two"});
    std::filesystem::rename(path, path + ".aside");
    CHECK(feed.next(why).has_error());
    write(*open(), "three");
    CHECK(told() == kinds{"three"});
}

TEST_CASE("events: the site file names the journal as well", "[cli][events]")
{
    desk d;
    d.folder.write("site.toml", "schema = 1\n[site]\nname = \"P\"\n[journal]\npath = \"journal.db\"\n[[device]]\n"
                                "name = \"mill\"\nlink = \"tcp://127.0.0.1\"\nprofile = \"sunspec\"\n");
    CHECK(d.run("events -c " + d.folder.file("site.toml")) == exit_code::ok);
    CHECK(d.lines() == 4);
    CHECK(d.run("events") == exit_code::usage);
    CHECK(d.err.str() == "name the journal file, or the site file with -c");
    CHECK(d.run("events " + d.folder.file("absent.db")) == exit_code::failure);
    CHECK(d.err.str().find("cannot read the journal") != std::string::npos);
    CHECK(d.run("events --since 2026-02-30 " + d.path()) == exit_code::usage);
    CHECK(d.err.str().find("'2026-02-30' is no time: write 2026-03-15") != std::string::npos);
}

TEST_CASE("journal export: by device, point and time, as CSV and JSON lines", "[cli][export]")
{
    desk d;
    REQUIRE(d.run("journal export " + d.path()) == exit_code::ok);
    CHECK(d.lines() == 1 + 12); // readings only
    REQUIRE(d.run("journal export --device mill --point active_power --since 2026-03-15T00:01 " + d.path()) ==
            exit_code::ok);
    CHECK(d.out.str() == "time,device,stream,seq,point,value,unit,quality\n"
                         "2026-03-15T00:01:00.000Z,mill,readings,2,active_power,1001.5,W,good\n"
                         "2026-03-15T00:02:00.000Z,mill,readings,3,active_power,1002.5,W,good\n");
    REQUIRE(d.run("journal export --json --point status --until 2026-03-15T00:01 --device press " + d.path()) ==
            exit_code::ok);
    CHECK(d.out.str() == R"({"time":"2026-03-15T00:00:00.000Z","device":"press","stream":"readings","seq":1,)"
                         R"("point":"status","value":4,"unit":"","quality":"good"})"
                         "\n");
    REQUIRE(d.run("journal export --stream event --point message " + d.path()) == exit_code::ok);
    CHECK(d.out.str().find("message,\"fell, \"\"12\"\" to 3\",,good\n") != std::string::npos);
    CHECK(d.lines() == 4);
    REQUIRE(d.run("journal export --all --csv " + d.path()) == exit_code::ok);
    CHECK(d.lines() == 1 + 12 + 12);
    CHECK(d.run("journal export --stream nothing " + d.path()) == exit_code::usage);
    CHECK(d.err.str().find("window/PT15M") != std::string::npos);
}

TEST_CASE("journal status: the ledger shows devices and, under site, events", "[cli][journal]")
{
    desk d;
    REQUIRE(d.run("journal status " + d.path()) == exit_code::ok);
    CHECK(d.out.str().find("mill                               3           3           0           0\n") !=
          std::string::npos);
    CHECK(d.out.str().find("site                               3           3           0           0\n") !=
          std::string::npos);
    CHECK(d.run("journal verify " + d.path()) == exit_code::ok);
}

TEST_CASE("journal status: the ledger of each sink adds up, from the file alone", "[cli][journal]")
{
    desk d;
    auto const publish = [&](std::string const& sink, publish::saved_cursor const& c) {
        journal::options o;
        o.path = d.path();
        std::string why;
        auto j = std::move(journal::journal::open(o, plant_clock{}, why).value());
        j->start();
        j->save_cursor(sink, c.text(), c.where.lowest());
        j->stop();
    };
    publish::cursor where{1};
    where.extend(8); // two records of nine are behind the cursor
    where.confirm(publish::position_range{1, 4});
    publish::sink_ledger ledger{true, publish::ledger_streams(~publish::stream_set{}), {{"mill", {3, 2}}}};
    ledger.devices["press"] = {1, 1};
    publish("scada", {where, "bdseq 3", ledger});
    auto lossy = ledger;
    lossy.devices["press"] = {0, 0}; // the first of its three is neither confirmed nor waiting
    publish("lossy", {where, "", lossy});
    publish("cloud", {where, "", std::nullopt}); // as an earlier version saved it
    ledger.streams.reset(static_cast<std::size_t>(stream::readings));
    ledger.devices.clear();
    publish("events-only", {where, "", ledger});

    REQUIRE(d.run("journal status --json " + d.path()) == exit_code::ok);
    auto const all = boost::json::parse(d.out.str());
    std::map<std::string, std::uint64_t> stored;
    for (auto const& l : all.at("devices").as_array()) {
        auto const number = [&](char const* key) { return l.at(key).to_number<std::uint64_t>(); };
        stored[std::string{l.at("device").as_string()}] = number("stored");
        CHECK(number("read") == number("stored") + number("unstored"));
    }
    CHECK(stored == std::map<std::string, std::uint64_t>{{"mill", 3}, {"press", 3}, {"site", 3}});
    CHECK(all.at("streams").at(0).at("first") == "2026-03-15T00:00:00Z");
    auto const& sinks = all.at("sinks").as_array();
    REQUIRE(sinks.size() == 4);
    CHECK(sinks[0].at("sink") == "cloud");
    CHECK(sinks[0].at("devices").at(0).at("dropped").is_null());
    CHECK(sinks[1].at("sink") == "events-only");
    REQUIRE(sinks[1].at("devices").as_array().size() == 1);
    CHECK(sinks[1].at("devices").at(0).at("device") == "site");
    CHECK(sinks[2].at("sink") == "lossy");
    CHECK(sinks[2].at("devices").at(1).at("device") == "press");
    CHECK(sinks[2].at("devices").at(1).at("dropped") == 1);
    CHECK(sinks[3].at("sink") == "scada");
    CHECK(sinks[3].at("devices").as_array().size() == 3);
    for (auto const& l : sinks[3].at("devices").as_array()) {
        auto const number = [&](char const* key) { return l.at(key).to_number<std::uint64_t>(); };
        CHECK(stored.at(std::string{l.at("device").as_string()}) ==
              number("confirmed") + number("waiting") + number("dropped"));
        CHECK(number("dropped") == 0);
    }

    REQUIRE(d.run("journal status " + d.path()) == exit_code::ok);
    CHECK(d.out.str().find("SINK scada (unconfirmed from 4)\n"
                           "DEVICE                          sent   confirmed     waiting     dropped\n"
                           "mill                               3           2           1           0\n") !=
          std::string::npos);
}

TEST_CASE("parse_time: dates are UTC and exist, spans count back", "[cli][time]")
{
    CHECK(parse_time("2026-03-15", {}) == midnight);
    CHECK(parse_time("2026-03-15T08:30", {}) == midnight + 8h + 30min);
    CHECK(parse_time("2026-03-15 08:30:05Z", {}) == midnight + 8h + 30min + 5s);
    CHECK(parse_time("90s", midnight) == midnight - 90s);
    CHECK(parse_time("2d", midnight) == midnight - 48h);
    for (auto const* const wrong : {"", "yesterday", "2026-13-01", "2026-04-31", "2026-03-15T24:00", "2026-03-15T8",
                                    "2026-03-15T08:30:05+08:00", "2026-03-15x08:30", "-2h"})
        CHECK_THROWS_AS(parse_time(wrong, midnight), CLI::ValidationError);
}
