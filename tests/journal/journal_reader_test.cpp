#include "agent/journal/error.hpp"
#include "agent/journal/journal_reader.hpp"
#include "agent/journal/sqlite.hpp"
#include "tests/journal/support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace kilnwatt;
using namespace journal_test;
using namespace std::chrono_literals;

namespace {

journal::journal_reader reader_of(std::string const& path)
{
    std::string why;
    auto r = journal::journal_reader::open(path, why);
    INFO(why);
    REQUIRE(r.has_value());
    return *std::move(r);
}

/// Two devices, 3,000 readings each, a minute apart, and an event each.
void fill(journal::options const& o)
{
    auto j = open(o);
    j->start();
    for (auto const* const device : {"a", "b"}) {
        auto const l = simple_layout(device);
        for (int i = 0; i < 3'000; ++i)
            REQUIRE(j->append(simple_row(l, 60'000 * i, {i, 2, 3})));
        REQUIRE(j->append(simple_row(simple_layout(device, 1, stream::event), 5, {1})));
    }
}

std::vector<record> found(journal::journal_reader& r, journal::record_filter const& wanted)
{
    std::vector<record> all;
    auto const damaged = r.for_each_record(wanted, [&](record const& x) {
        all.push_back(x);
        return true;
    });
    REQUIRE(damaged.has_value());
    CHECK(damaged->empty());
    return all;
}

} // namespace

TEST_CASE("journal_reader: status adds up, while the agent writes and afterwards", "[journal][reader]")
{
    temporary_folder const folder;
    auto const o = options_in(folder);
    fill(o);
    auto const running = GENERATE(false, true);
    std::unique_ptr<journal::journal> agent;
    if (running)
        agent = open(o);
    auto r = reader_of(o.path);
    auto const status = r.status();
    REQUIRE(status.has_value());
    CHECK(status->epoch.size() == 8);
    CHECK(status->head == 6'003);
    CHECK(status->oldest == 1);
    CHECK(status->boot == (running ? 2u : 1u));
    CHECK(status->ledger.at("a").read == 3'001); // its event too
    CHECK(status->ledger.at("a").stored == 3'001);
    CHECK(status->ledger.at("a").unstored == 0);
    CHECK(status->streams.at(0).range.last <= 6'003);
    CHECK(status->streams.at(static_cast<std::size_t>(stream::event)).segments == 1);
    CHECK(status->streams.at(static_cast<std::size_t>(stream::window_15m)).segments == 0);
}

TEST_CASE("journal_reader: records are chosen by device, stream, time and position", "[journal][reader]")
{
    temporary_folder const folder;
    auto const o = options_in(folder);
    fill(o);
    auto r = reader_of(o.path);
    CHECK(found(r, {}).size() == 6'002);

    journal::record_filter wanted;
    wanted.devices = {"b"};
    CHECK(found(r, wanted).size() == 3'001);
    wanted.streams = {stream::event};
    CHECK(found(r, wanted).size() == 1);

    journal::record_filter hour;
    auto const start = found(r, {}).front().data.time.utc;
    hour.times = time_range{start + 1h, start + 2h};
    CHECK(found(r, hour).size() == 120);
    hour.devices = {"a"};
    auto const rows = found(r, hour);
    REQUIRE(rows.size() == 60);
    CHECK(rows.front().data.cells[0].bits == 60);

    journal::record_filter some;
    some.positions = {100, 110};
    CHECK(found(r, some).size() == 10);
}

TEST_CASE("journal_reader: a caller may stop, and hears how far it is", "[journal][reader]")
{
    temporary_folder const folder;
    auto const o = options_in(folder);
    fill(o);
    auto r = reader_of(o.path);
    int given = 0;
    REQUIRE(r.for_each_record({}, [&](record const&) { return ++given < 10; }).has_value());
    CHECK(given == 10);

    std::vector<double> shares;
    REQUIRE(r.for_each_record(
                 {}, [](record const&) { return true; },
                 [&](double s) {
                     shares.push_back(s);
                     return true;
                 })
                .has_value());
    CHECK(std::is_sorted(shares.begin(), shares.end()));
    REQUIRE(shares.size() > 1);
    CHECK(shares.back() == 1.0);
}

TEST_CASE("journal_reader: a sound file has no findings, a changed byte has", "[journal][reader]")
{
    temporary_folder const folder;
    auto const o = options_in(folder);
    fill(o);
    {
        auto r = reader_of(o.path);
        auto const findings = r.integrity_check();
        REQUIRE(findings.has_value());
        CHECK(findings->empty());
    }
    {
        journal::database db{o.path, journal::database::mode::read_write};
        db.exec("UPDATE segment_1 SET body = x'01FF' WHERE first = (SELECT min(first) FROM segment_1)");
    }
    auto r = reader_of(o.path);
    auto const findings = r.integrity_check();
    REQUIRE(findings.has_value());
    REQUIRE_FALSE(findings->empty());
    CHECK(findings->front().find("do not decode") != std::string::npos);
}

TEST_CASE("journal_reader: what is no journal is said so", "[journal][reader]")
{
    temporary_folder const folder;
    {
        journal::database db{folder.path("other.db"), journal::database::mode::read_write};
        db.exec("CREATE TABLE t(x)");
    }
    std::string why;
    CHECK(journal::journal_reader::open(folder.path("other.db"), why).error() == journal::errc::corrupt);
    CHECK(why == folder.path("other.db") + " is no journal of kilnwatt");
    CHECK(journal::journal_reader::open(folder.path("absent.db"), why).error() == journal::errc::cannot_open);
    CHECK(why == "cannot read the journal " + folder.path("absent.db") + ": unable to open database file");
}
