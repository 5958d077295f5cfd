#include "tests/journal/support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

#include <map>

using namespace kilnwatt;
using namespace journal_test;
using namespace std::chrono_literals;

namespace {

/// Appends `count` rows a device and waits until they are committed.
batch append_rows(journal::journal& j, collector& seen, std::vector<layout_ptr> const& layouts, int count)
{
    auto const before = seen.all().size();
    for (int i = 0; i < count; ++i)
        for (auto const& l : layouts)
            REQUIRE(j.append(simple_row(l, 1000 * i, {i, 2 * i, 7})));
    return seen.wait_for(before + static_cast<std::size_t>(count) * layouts.size());
}

} // namespace

TEST_CASE("journal: what is handed out after the commit is what is read back", "[journal]")
{
    temporary_folder const folder;
    collector seen;
    auto j = open(options_in(folder));
    j->on_commit(seen.handler());
    j->start();

    std::mt19937_64 random{20'261'125};
    std::vector<layout_ptr> const layouts{random_layout(random, "a"), random_layout(random, "b", stream::event),
                                          random_layout(random, "c", stream::window_1m)};
    std::map<layout const*, row> previous;
    constexpr std::size_t rows = 3'000;
    for (std::size_t i = 0; i < rows; ++i) {
        auto const& l = layouts[random() % layouts.size()];
        auto const found = previous.find(l.get());
        auto r = random_row(random, l, found == previous.end() ? nullptr : &found->second);
        previous.insert_or_assign(l.get(), r);
        REQUIRE(j->append(std::move(r)));
    }
    auto const given = seen.wait_for(rows);
    auto const stored = read_all(*j);
    REQUIRE(stored.size() == rows);
    for (std::size_t i = 0; i < rows; ++i) {
        CHECK(stored[i].pos == i + 1);
        CHECK(stored[i].pos == given[i].pos);
        CHECK(stored[i].seq == given[i].seq);
        CHECK(stored[i].boot == j->boot());
        CHECK(same(stored[i].data, given[i].data));
    }
}

TEST_CASE("journal: seq is gap-free per device and stream, over restarts too, in one epoch", "[journal]")
{
    temporary_folder const folder;
    std::vector<layout_ptr> const layouts{simple_layout("a"), simple_layout("b"), simple_layout("a", 3, stream::event)};
    std::string epoch;
    for (std::uint32_t run = 1; run <= 3; ++run) {
        collector seen;
        auto j = open(options_in(folder));
        j->on_commit(seen.handler());
        j->start();
        append_rows(*j, seen, layouts, 10);
        CHECK(j->boot() == run);
        CHECK((epoch.empty() || epoch == j->epoch()));
        epoch = j->epoch();
    }
    auto j = open(options_in(folder));
    j->start();
    std::map<std::pair<std::string, stream>, std::uint64_t> seqs;
    position last = 0;
    for (auto const& r : read_all(*j)) {
        CHECK(r.pos == last + 1);
        CHECK(r.seq == ++seqs[{r.device(), r.kind()}]);
        last = r.pos;
    }
    CHECK(last == 90);
    CHECK(j->head() == 91);
    CHECK(j->oldest() == 1);
    CHECK(seqs.at({"a", stream::event}) == 30);

    SECTION("and a new file is a new epoch")
    {
        temporary_folder const other;
        CHECK(open(options_in(other))->epoch() != epoch);
    }
}

TEST_CASE("journal: a range is read in pieces that join up", "[journal]")
{
    temporary_folder const folder;
    collector seen;
    auto j = open(options_in(folder));
    j->on_commit(seen.handler());
    j->start();
    append_rows(*j, seen, {simple_layout("a"), simple_layout("a", 3, stream::kpi_1m)}, 50);

    auto const piece = GENERATE(1u, 3u, 7u, 1000u);
    position at = 11;
    while (at < 90) {
        auto const answer = read(*j, {at, 90}, piece);
        REQUIRE(answer.next > at);
        REQUIRE(answer.next <= 90);
        for (auto const& r : answer.records)
            CHECK(r.pos == at++);
        CHECK(at == answer.next);
    }
    SECTION("and beyond the head there is nothing")
    {
        auto const answer = read(*j, {101, 200}, 10);
        CHECK(answer.records.empty());
        CHECK(answer.next == 101);
    }
}

TEST_CASE("journal: a stop commits what was appended, and later rows are refused", "[journal]")
{
    temporary_folder const folder;
    {
        auto o = options_in(folder);
        o.commit = 1min;
        auto j = open(o);
        j->start();
        for (int i = 0; i < 5; ++i)
            REQUIRE(j->append(simple_row(simple_layout("a"), i, {1, 2, 3})));
        j->stop();
        CHECK_FALSE(j->append(simple_row(simple_layout("a"), 9, {1, 2, 3})));
        CHECK(j->ledger().at("a").stored == 5);
        CHECK(j->ledger().at("a").unstored == 1);
    }
    auto j = open(options_in(folder));
    j->start();
    CHECK(read_all(*j).size() == 5);
}

TEST_CASE("journal: cursors survive a restart, and an unknown sink has none", "[journal]")
{
    temporary_folder const folder;
    {
        auto j = open(options_in(folder));
        CHECK(j->load_cursor("scada").empty());
        j->start();
        j->save_cursor("scada", "old", 1);
        j->save_cursor("scada", std::string{"ne\0w", 4}, 7);
        j->save_cursor("other", "x");
    }
    auto j = open(options_in(folder));
    CHECK(j->load_cursor("scada") == std::string{"ne\0w", 4});
    CHECK(j->load_cursor("other") == "x");
    CHECK(j->load_cursor("third").empty());
}

TEST_CASE("journal: a row that does not fit and a full queue are counted as unstored", "[journal]")
{
    temporary_folder const folder;
    auto o = options_in(folder);
    o.queue_max = 10;
    {
        auto j = open(o); // not started: nothing leaves the queue
        CHECK_FALSE(j->append(simple_row(simple_layout("a"), 0, {1})));
        for (int i = 0; i < 10; ++i)
            REQUIRE(j->append(simple_row(simple_layout("a"), i, {1, 2, 3})));
        CHECK_FALSE(j->append(simple_row(simple_layout("a"), 11, {1, 2, 3})));
        auto const l = j->ledger().at("a");
        CHECK(l.read == 12);
        CHECK(l.unstored == 2);
        CHECK(l.stored == 0);
    }
    auto j = open(o);
    auto const l = j->ledger().at("a");
    CHECK(l.read == 12);
    CHECK(l.stored == 10);
    CHECK(l.unstored == 2);
}

namespace {

/// Counts readings and answers each batch with a window row that says how many it has seen; its snapshot is that
/// number.
class counting_stage final : public journal::stage {
public:
    bool restore(std::string const& snapshot) override
    {
        seen_ = snapshot.empty() ? 0 : std::stoll(snapshot);
        return true;
    }

    journal::stage_output on_commit(batch const& committed, stamp now, bool) override
    {
        auto const before = seen_;
        for (auto const& r : committed)
            if (r.kind() == stream::readings)
                ++seen_;
        if (seen_ == before)
            return {};
        row answer = simple_row(layout_, 0, {seen_});
        answer.time = now;
        return {{answer}, std::to_string(seen_)};
    }

private:
    std::int64_t seen_ = 0;
    layout_ptr layout_ = simple_layout("site", 1, stream::window_1m);
};

} // namespace

TEST_CASE("journal: the stage sees every committed reading once, whatever restarts come between", "[journal][stage]")
{
    temporary_folder const folder;
    for (int run = 0; run < 4; ++run) {
        auto j = open(options_in(folder));
        if (run != 2) // in one run nobody folds: the next one catches up
            j->set_stage(std::make_shared<counting_stage>());
        j->start();
        for (int i = 0; i < 25; ++i)
            REQUIRE(j->append(simple_row(simple_layout("a"), i, {i, 0, 0})));
    }
    collector seen;
    auto j = open(options_in(folder));
    j->set_stage(std::make_shared<counting_stage>());
    j->on_commit(seen.handler());
    j->start();
    REQUIRE(j->append(simple_row(simple_layout("a"), 1, {0, 0, 0})));
    seen.wait_for([](batch const& all) {
        return std::any_of(all.begin(), all.end(), [](record const& r) {
            return r.kind() == stream::window_1m && r.data.cells[0].bits == 101;
        });
    });
}

namespace {

/// Asks once, at the tenth reading, to see everything from the third record on again; tells how the second look began
/// and what it has seen in all.
class looking_back_stage final : public journal::stage {
public:
    bool restore(std::string const&) override { return true; }

    journal::stage_output on_commit(batch const& committed, stamp now, bool) override
    {
        journal::stage_output out;
        for (auto const& r : committed) {
            if (asked_ && first_again_ == 0)
                first_again_ = static_cast<std::int64_t>(r.pos);
            seen_ += r.kind() == stream::readings ? 1 : 0;
        }
        if (committed.empty())
            return out;
        row answer = simple_row(layout_, 0, {seen_, first_again_});
        answer.time = now;
        if (seen_ >= 10 && !asked_) {
            asked_ = true;
            out.again = 3;
        }
        if (out.again != 0 || seen_ >= 18) {
            out.rows = {answer};
            out.snapshot = "seen";
        }
        return out;
    }

private:
    bool asked_ = false;
    std::int64_t seen_ = 0;
    std::int64_t first_again_ = 0;
    layout_ptr layout_ = simple_layout("site", 2, stream::window_1m);
};

} // namespace

TEST_CASE("journal: a stage that asks for records again is shown them, and those after", "[journal][stage]")
{
    temporary_folder const folder;
    collector seen;
    auto j = open(options_in(folder));
    j->set_stage(std::make_shared<looking_back_stage>());
    j->on_commit(seen.handler());
    j->start();
    for (int i = 0; i < 10; ++i)
        REQUIRE(j->append(simple_row(simple_layout("a"), i, {i, 0, 0})));
    seen.wait_for([](batch const& all) {
        return std::any_of(all.begin(), all.end(), [](record const& r) {
            return r.kind() == stream::window_1m && r.data.cells[0].bits == 18 && r.data.cells[1].bits == 3;
        });
    });
}
