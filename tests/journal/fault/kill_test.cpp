#include "agent/journal/journal_reader.hpp"
#include "tests/journal/fault/written_run.hpp"
#include "tests/journal/support.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <csignal>
#include <filesystem>
#include <random>

using namespace kilnwatt;
using namespace journal_test;
using namespace std::chrono_literals;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kills = 40;
#else
constexpr int kills = 200;
#endif
constexpr int kills_a_file = 20;
constexpr int slow_every = 20; ///< such a run has the default `commit` and lives long enough to see some

/// What a journal holds after a kill.
struct survivors {
    std::string epoch;
    std::vector<std::int64_t> rows_of_run; ///< how many rows each run has; they are 0, 1, ... without a gap
};

/// Nothing when the process was killed before there was a file.
std::optional<survivors> look_into(std::string const& path, int runs)
{
    std::string why;
    auto reader = journal::journal_reader::open(path, why);
    if (reader.has_error()) {
        INFO(why);
        CHECK((!std::filesystem::exists(path) || why.find("is no journal of kilnwatt") != std::string::npos));
        return std::nullopt;
    }
    auto const findings = reader->integrity_check();
    INFO((findings.has_error() ? findings.error().message() : ""));
    REQUIRE(findings.has_value());
    CHECK(*findings == std::vector<std::string>{}); // SQLite's own check, every row decodes, no gap in any seq
    survivors out{reader->status()->epoch, std::vector<std::int64_t>(static_cast<std::size_t>(runs))};
    auto in_order = true;
    auto const damaged = reader->for_each_record({}, [&](record const& r) {
        auto& rows = out.rows_of_run.at(r.data.cells[0].bits);
        in_order = in_order && static_cast<std::int64_t>(r.data.cells[1].bits) == rows;
        ++rows;
        return true;
    });
    REQUIRE(damaged.has_value());
    CHECK(damaged->empty());
    CHECK(in_order);
    return out;
}

struct figures {
    int kills = 0, before_a_file = 0;
    std::int64_t rows = 0, commits = 0, stored = 0, lost = 0, window_us = 0;

    std::string text(std::string const& name) const
    {
        return fmt::format("{}: {} kills, {} before there was a file; {} readings handed over, {} commits reported, {} "
                           "readings stored, {} not yet committed and lost; largest loss window {:.1f} ms",
                           name, kills, before_a_file, rows, commits, stored, lost,
                           static_cast<double>(window_us) / 1'000);
    }
};

} // namespace

TEST_CASE("fault: a process killed at any moment loses nothing that it was told is committed", "[fault][kill]")
{
    auto const seed = Catch::rngSeed() != 0 ? Catch::rngSeed() : std::random_device{}();
    INFO("again with --rng-seed " << seed);
    std::mt19937_64 random{seed};
    constexpr std::chrono::milliseconds commits[] = {0ms, 5ms, 20ms, 50ms};
    figures quick, slow;
    for (int k = 0; k < kills;) {
        temporary_folder const folder;
        auto const path = folder.path("journal.db");
        std::vector<std::int64_t> promised; // rows that each run must keep
        std::string epoch;
        for (int i = 0; i < kills_a_file && k < kills; ++i, ++k) {
            auto const with_default = k % slow_every == slow_every - 1;
            auto const commit = with_default ? journal::options{}.commit : commits[random() % std::size(commits)];
            auto const longest = with_default ? 2'000'000us : random() % 4 == 0 ? 20'000us : 150'000us;
            auto const lives = std::chrono::microseconds{random() % static_cast<std::uint64_t>(longest.count())};
            INFO("kill " << k << " after " << lives.count() << " us, commit " << commit.count() << " ms");
            auto const run = write_and_kill(path, commit, i, lives, folder.path("log"));
            INFO(kilnwatt::test::read_text_file(folder.path("log")));
            REQUIRE(run.exit_code == 128 + SIGKILL);

            auto& f = with_default ? slow : quick;
            ++f.kills;
            f.commits += run.commits;
            auto const appended = static_cast<std::int64_t>(run.appended_us.size());
            f.rows += appended;
            auto const held = look_into(path, i + 1);
            if (!held) {
                ++f.before_a_file;
                CHECK(epoch.empty()); // a file that was there stays readable
                REQUIRE(run.committed == 0);
                promised.push_back(0);
                continue;
            }
            CHECK((epoch.empty() || epoch == held->epoch));
            epoch = held->epoch;
            auto const stored = held->rows_of_run.back();
            CHECK(stored >= run.committed); // it may be killed between a commit and its report
            REQUIRE(stored <= appended);
            promised.push_back(stored);
            CHECK(held->rows_of_run == promised);
            f.stored += stored;
            f.lost += appended - stored;
            if (stored < appended)
                f.window_us = std::max(f.window_us, run.killed_us - run.appended_us[static_cast<std::size_t>(stored)]);
        }
    }
    CHECK(quick.commits > 0);
    CHECK(slow.commits > 0);
    WARN(quick.text("commit 0 to 50 ms") << '\n' << slow.text("commit 500 ms, the default") << "\nseed " << seed);
}
