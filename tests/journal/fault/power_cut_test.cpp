#include "agent/journal/journal_reader.hpp"
#include "tests/journal/fault/power_cut_disk.hpp"
#include "tests/journal/support.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <fstream>

using namespace kilnwatt;
using namespace journal_test;

namespace {

/// The folder after the power is back.
void lay_out(power_cut_disk::cut const& c, temporary_folder const& to)
{
    for (auto const& [path, bytes] : c.files) {
        std::ofstream out{to.path(std::filesystem::path{path}.filename().string()), std::ios::binary};
        out << bytes;
        REQUIRE(out.flush());
    }
}

/// How many rows are there when an agent has started on what the cut left; they are 0, 1, ... without a gap.
std::int64_t rows_after(power_cut_disk::cut const& c)
{
    temporary_folder const folder;
    lay_out(c, folder);
    auto o = options_in(folder);
    std::string why;
    {
        auto opened = journal::journal::open(o, plant_clock{}, why);
        INFO(why);
        REQUIRE(opened.has_value());
        REQUIRE(why.empty()); // not set aside
    }
    auto reader = journal::journal_reader::open(o.path, why);
    INFO(why);
    REQUIRE(reader.has_value());
    auto const findings = reader->integrity_check();
    REQUIRE(findings.has_value());
    REQUIRE(*findings == std::vector<std::string>{});
    std::int64_t rows = 0;
    auto in_order = true;
    auto const damaged = reader->for_each_record({}, [&](record const& r) {
        in_order = in_order && static_cast<std::int64_t>(r.data.cells[0].bits) == rows;
        ++rows;
        return true;
    });
    REQUIRE(damaged.has_value());
    REQUIRE(damaged->empty());
    REQUIRE(in_order);
    return rows;
}

struct tally {
    int cuts = 0;
    int broken = 0; ///< promises
    std::int64_t most_lost = 0;
};

/// Writes rows until there were so many cuts, and looks at what each left.
tally cut_power(bool sync_full, int cuts)
{
    auto const seed = Catch::rngSeed() != 0 ? Catch::rngSeed() : std::random_device{}();
    INFO("again with --rng-seed " << seed);
    temporary_folder const folder;
    auto o = options_in(folder);
    o.sync_full = sync_full;
    o.segment_bytes = 64 << 10;
    std::atomic<std::int64_t> committed{0};
    power_cut_disk disk{o.path, seed, 300, [&] { return committed.load(); }};
    auto j = open(o);
    j->on_commit([&](journal::journal::batch_ptr const& b) { committed += static_cast<std::int64_t>(b->size()); });
    j->start();
    tally t;
    auto const l = simple_layout("a", 40);
    constexpr std::int64_t rows_max = 200'000;
    for (std::int64_t i = 0; i < rows_max && t.cuts < cuts; ++i) {
        auto r = simple_row(l, i, {i});
        for (std::int64_t c = 1; c < 40; ++c)
            r.cells.push_back(cell_of(i * c * 7'919));
        REQUIRE(j->append(std::move(r)));
        if (i % 4 == 0)
            (void)read(*j, {1, 1}, 0); // the journal's thread keeps up: a commit every few rows
        for (auto const& c : disk.take_cuts()) {
            auto const rows = rows_after(c);
            ++t.cuts;
            t.broken += rows < c.promised ? 1 : 0;
            t.most_lost = std::max(t.most_lost, c.promised - rows);
        }
    }
    j.reset();
    CHECK(t.cuts >= cuts);
    return t;
}

} // namespace

TEST_CASE("fault: with sync = \"full\" a power cut at any moment loses nothing that was committed", "[fault][power]")
{
    auto const t = cut_power(true, 150);
    CHECK(t.broken == 0);
    WARN(t.cuts << " power cuts with sync = \"full\": " << t.broken << " lost committed rows");
}

TEST_CASE("fault: with sync = \"normal\" a power cut costs committed rows at most, and the file stays sound",
          "[fault][power]")
{
    auto const t = cut_power(false, 60);
    CHECK(t.broken > 0); // else the disk forgets nothing and the test above proves nothing
    WARN(t.cuts << " power cuts with sync = \"normal\": " << t.broken << " lost committed rows, at most "
                << t.most_lost);
}
