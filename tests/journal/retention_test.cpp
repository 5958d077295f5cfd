#include "agent/journal/error.hpp"
#include "agent/journal/journal_reader.hpp"
#include "agent/journal/retention.hpp"
#include "agent/journal/schema.hpp"
#include "tests/journal/support.hpp"

#include <catch2/catch.hpp>

#include <atomic>

#include <algorithm>

using namespace kilnwatt;
using namespace journal_test;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t mebibyte = 1u << 20;

std::uint64_t size_of(std::string const& path)
{
    std::error_code ec;
    auto const n = std::filesystem::file_size(path, ec);
    return ec ? 0 : n;
}

/// How many records were committed; a journal's handler counts, a test waits.
class tally {
public:
    void add(std::size_t n)
    {
        std::lock_guard const lock{mutex_};
        count_ += n;
        changed_.notify_all();
    }
    void wait_for(std::size_t n)
    {
        std::unique_lock lock{mutex_};
        REQUIRE(changed_.wait_for(lock, 1min, [&] { return count_ >= n; }));
    }
    std::size_t count()
    {
        std::lock_guard const lock{mutex_};
        return count_;
    }
    std::function<void(std::shared_ptr<batch const>)> handler()
    {
        return [this](std::shared_ptr<batch const> const& b) { add(b->size()); };
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t count_ = 0;
};

/// A row that no packing makes small: `columns` random numbers.
row noise(std::mt19937_64& random, layout_ptr const& l, std::int64_t ms)
{
    std::vector<std::int64_t> values(l->columns.size());
    for (auto& v : values)
        v = static_cast<std::int64_t>(random());
    return simple_row(l, ms, values);
}

/// Appends until `bytes` of noise went in; waits when the queue is full.
void pour(journal::journal& j, tally& seen, std::mt19937_64& random, layout_ptr const& l, std::uint64_t bytes)
{
    auto const row_bytes = l->columns.size() * 10;
    auto before = seen.count();
    for (std::uint64_t done = 0; done < bytes;) {
        auto const n = 1 + random() % 40;
        for (std::uint64_t i = 0; i < n; ++i, done += row_bytes)
            REQUIRE(j.append(noise(random, l, static_cast<std::int64_t>(done / 100))));
        before += n;
        seen.wait_for(before);
    }
}

journal::segment_info segment(std::int64_t id, position first, position last, std::uint64_t bytes,
                              std::int64_t opened = 0)
{
    journal::segment_info s;
    s.id = id;
    s.range = {first, last};
    s.bytes = bytes;
    s.opened = opened;
    return s;
}

} // namespace

TEST_CASE("retention: the oldest segment of the budget that is full goes, and no other", "[journal][retention]")
{
    journal::segment_directory d;
    d.of(stream::readings) = {segment(1, 1, 10, 600), segment(3, 20, 30, 600), segment(5, 40, 50, 10)};
    d.of(stream::window_1m) = {segment(2, 10, 20, 100), segment(4, 30, 40, 100)};
    journal::budget_limits limits = journal::default_budgets;
    auto const next = [&](bool disk_short = false, std::int64_t uptime = 0) {
        return journal::next_to_drop(d, {limits, 100, uptime, disk_short});
    };
    CHECK_FALSE(next().has_value());

    SECTION("by bytes")
    {
        limits[0].bytes = 1'000;
        CHECK(next() == stream::readings);
        limits[0].bytes = 1'300; // 1,210 and the 90 that the open segment may still take
        CHECK_FALSE(next().has_value());
    }
    SECTION("by age since it was full")
    {
        limits[1].age = 1h;
        d.of(stream::window_1m)[1].opened = 5'000;
        CHECK_FALSE(next(false, 3'605'000).has_value());
        CHECK(next(false, 3'605'001) == stream::window_1m);
    }
    SECTION("by free disk: readings first, then minutes, and the newest of each stays")
    {
        CHECK(next(true) == stream::readings);
        d.of(stream::readings) = {segment(5, 40, 50, 10)};
        CHECK(next(true) == stream::window_1m);
        d.of(stream::window_1m).pop_front();
        CHECK_FALSE(next(true).has_value());
    }
}

TEST_CASE("budget: every stream has one, and bytes of the file are told from bytes of a body", "[journal][retention]")
{
    int streams = 0;
    for (std::size_t b = 0; b < journal::budget_count; ++b)
        streams += journal::streams_in(static_cast<journal::budget>(b));
    CHECK(streams == stream_count);
    CHECK(journal::budget_of(stream::window_year) == journal::budget::days);
    CHECK(journal::budget_of(stream::kpi_1h) == journal::budget::quarters);

    // against SQLite itself
    temporary_folder const folder;
    journal::database db{folder.path("x.db"), journal::database::mode::read_write};
    std::mt19937_64 random{5};
    auto const most = GENERATE(100u, 1'000u, 5'000u, 70'000u);
    db.exec("CREATE TABLE t(first INTEGER PRIMARY KEY, count INTEGER NOT NULL, block INTEGER NOT NULL, body BLOB)");
    auto const without_rows = db.integer("PRAGMA page_count"); // the schema and the root of the table
    std::uint64_t told = 0;
    journal::page_meter meter;
    std::vector<std::uint8_t> body(most);
    {
        journal::transaction t{db};
        auto insert = db.prepare("INSERT INTO t VALUES(?, 300, 1000000, ?)");
        for (int i = 0; i < 2'000; ++i) {
            auto const size = most / 2 + random() % (most / 2);
            insert.bind(1'000'000 + i, journal::blob_view{body.data(), size}).run();
            told += meter.add(size);
        }
        t.commit();
    }
    auto const truth = static_cast<double>((db.integer("PRAGMA page_count") - without_rows) * 4'096);
    CHECK(static_cast<double>(told) == Approx(truth).epsilon(0.03));
}

TEST_CASE("journal: ten times the limit goes in, and file and log stay below 1.2 times the limit",
          "[journal][retention]")
{
    temporary_folder const folder;
    auto o = options_in(folder);
    o.sync_full = false; // the size is the same, the test is quicker
    for (auto& b : o.budgets)
        b.bytes = 3 * mebibyte;
    o.budgets[0].bytes = 20 * mebibyte;
    auto const limit = 32 * mebibyte;

    tally seen;
    std::uint64_t largest = 0;
    auto j = open(o);
    std::size_t batches = 0;
    j->on_commit([&, handler = seen.handler()](std::shared_ptr<batch const> const& b) {
        if (++batches % 16 == 0)
            largest = std::max(largest, size_of(o.path) + size_of(o.path + "-wal"));
        handler(b);
    });
    j->start();
    std::mt19937_64 random{11};
    auto const readings = simple_layout("a", 100);
    auto const minutes = simple_layout("a", 100, stream::window_1m);
    auto const days = simple_layout("a", 100, stream::window_day);
    for (int i = 0; i < 40; ++i) {
        pour(*j, seen, random, readings, 6 * mebibyte);
        pour(*j, seen, random, minutes, 2 * mebibyte);
        if (i < 20)
            pour(*j, seen, random, days, mebibyte / 20);
    }
    j->stop();
    INFO("largest " << largest << " of " << limit);
    CHECK(largest > limit / 2);
    CHECK(largest < limit + limit / 5);
    CHECK(j->oldest() > 1);
    CHECK(j->ledger().at("a").dropped == 0); // no sink is there to miss them

    std::string why;
    auto reader = journal::journal_reader::open(o.path, why);
    REQUIRE(reader.has_value());
    auto const status = reader->status();
    REQUIRE(status.has_value());
    for (auto const& s : status->streams)
        if (s.kind == stream::window_day)
            CHECK(s.range.first < status->streams[0].range.first); // what is kept for ever outlived readings
    auto const findings = reader->integrity_check();
    REQUIRE(findings.has_value());
    CHECK(findings->empty());
}

TEST_CASE("journal: what no sink had confirmed is counted and announced as ranges when it goes", "[journal][retention]")
{
    temporary_folder const folder;
    auto o = options_in(folder);
    o.sync_full = false;
    o.budgets[0].bytes = 2 * mebibyte;
    std::vector<journal::dropped_range> dropped;
    tally seen;
    auto j = open(o);
    (void)j->load_cursor("scada");
    j->save_cursor("scada", "half of the first segment", 500);
    j->on_commit(seen.handler());
    j->on_dropped(
        [&](std::vector<journal::dropped_range> const& r) { dropped.insert(dropped.end(), r.begin(), r.end()); });
    j->start();
    std::mt19937_64 random{3};
    pour(*j, seen, random, simple_layout("a", 100), 8 * mebibyte);
    auto const left = read_all(*j);
    j->stop();

    REQUIRE_FALSE(dropped.empty());
    CHECK(dropped.front().first_seq == 500);
    std::uint64_t sum = 0;
    for (auto const& r : dropped) {
        CHECK(r.device == "a");
        CHECK(r.kind == stream::readings);
        CHECK(r.first_seq == 500 + sum);
        sum += r.last_seq - r.first_seq + 1;
    }
    CHECK(left.front().seq == 500 + sum);
    auto const l = j->ledger().at("a");
    CHECK(l.dropped == sum);
    CHECK(l.stored == seen.count());
    CHECK(l.read == l.stored + l.unstored);
}

TEST_CASE("journal: with little free disk the file stops growing and goes on taking rows", "[journal][retention]")
{
    temporary_folder const folder;
    auto o = options_in(folder);
    o.sync_full = false;
    o.segment_bytes = mebibyte / 2;
    std::atomic<std::uint64_t> free{1'000 * mebibyte};
    o.disk_free = [&] { return free.load(); };
    tally seen;
    auto j = open(o);
    j->on_commit(seen.handler());
    j->start();
    std::mt19937_64 random{3};
    pour(*j, seen, random, simple_layout("a", 100), 10 * mebibyte);
    free = 100 * mebibyte;
    pour(*j, seen, random, simple_layout("a", 100), 2 * mebibyte);
    auto const before = size_of(o.path);
    pour(*j, seen, random, simple_layout("a", 100), 20 * mebibyte);
    CHECK(size_of(o.path) < before + 2 * mebibyte);
    CHECK(j->ledger().at("a").unstored == 0);
}

TEST_CASE("schema: a file of every earlier schema is brought up and goes on", "[journal][schema]")
{
    auto const from = GENERATE(range(std::int64_t{1}, journal::schema_newest));
    temporary_folder const folder;
    auto const o = options_in(folder);
    {
        journal::database db{o.path, journal::database::mode::read_write};
        journal::migrate(db, from);
        CHECK(db.integer("PRAGMA user_version") == from);
    }
    std::string why;
    auto const reader = journal::journal_reader::open(o.path, why);
    if (from < journal::schema_readable) {
        CHECK(reader.error() == journal::errc::older_schema);
        CHECK(why.find("start the agent once") != std::string::npos);
    } else {
        CHECK(reader.has_value());
    }
    {
        auto j = open(o);
        j->start();
        REQUIRE(j->append(simple_row(simple_layout("a"), 1, {1, 2, 3})));
    }
    journal::database db{o.path, journal::database::mode::read_write};
    CHECK(db.integer("PRAGMA user_version") == journal::schema_newest);
    CHECK(journal::identify(db) == journal::identity::ours);
}
