#include "agent/energy/energy_stage.hpp"

#include "small_plant.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>
#include <random>

using namespace kilnwatt;
using namespace kilnwatt::energy;
using namespace kilnwatt::energy::test;

namespace {

/// Rows as a real plant sends them: outages, resets, spikes, sleep, a clock step, several classes of a device.
std::vector<row> stormy_feed(std::uint32_t seed, std::int64_t length)
{
    std::mt19937 dice{seed};
    auto const chance = [&](int n) { return std::uniform_int_distribution<int>{0, n - 1}(dice) == 0; };
    std::uniform_real_distribution<double> wobble{0.8, 1.2};
    source const fast[]{{"roof", {"active_power", "dc_power"}},
                        {"grid", {"active_power"}},
                        {"mill", {"active_power"}},
                        {"drive", {"torque_percent", "speed", "output_power"}},
                        {"weather", {"irradiance"}}};
    source const counters[]{{"roof", {"active_energy"}},
                            {"grid", {"active_energy_import", "active_energy_export"}},
                            {"mill", {"active_energy_import"}}};
    double energy[]{5e8, 9e8, 3e8};
    std::int64_t silent_until[5]{};
    std::vector<row> rows;
    for (std::int64_t ms = 0; ms < length; ms += 2'000 + static_cast<std::int64_t>(dice() % 300)) {
        auto const at = chance(2'000) ? ms - 30'000 : ms; // now and then the clock is wrong
        for (std::size_t d = 0; d < 5; ++d) {
            if (chance(400))
                silent_until[d] = ms + static_cast<std::int64_t>(dice() % 400'000);
            if (ms < silent_until[d] && d != 0)
                continue;
            std::vector<cell> cells;
            for (auto const& c : fast[d].columns()) {
                auto const x = (c.name == "speed" ? 1488 : 50e3) * wobble(dice);
                cells.push_back(ms < silent_until[d] ? absent(quality::asleep) : cell_of(x));
            }
            rows.push_back(fast[d].with(at + static_cast<std::int64_t>(d), cells));
            if (d < 3 && ms % 10'000 < 2'300 && ms >= silent_until[d]) {
                energy[d] = chance(500) ? 3.0 : energy[d] + 50e3 * 10 / 3600 * wobble(dice);
                auto const shown = chance(300) ? 4e9 : energy[d];
                rows.push_back(
                    counters[d].at(at + static_cast<std::int64_t>(d), std::vector<double>(d == 1 ? 2 : 1, shown)));
            }
        }
    }
    return rows;
}

} // namespace

TEST_CASE("energy_stage: a restart at any moment changes no row", "[energy][energy_stage]")
{
    auto const feed = stormy_feed(3, 65 * minute_ms);
    energy_stage whole{small_plant()};
    std::vector<row> expected;
    for (auto const& r : feed) {
        whole.fold(r);
        for (auto& x : whole.advance(r.time))
            expected.push_back(std::move(x));
    }
    for (auto& x : whole.advance(time_at(80 * minute_ms)))
        expected.push_back(std::move(x));
    auto const wanted = texts_of(expected);
    REQUIRE(wanted.size() > 300);
    REQUIRE(
        std::any_of(expected.begin(), expected.end(), [](row const& r) { return r.layout->kind == stream::event; }));

    std::mt19937 dice{5};
    for (int round = 0; round < 12; ++round) {
        auto s = std::make_unique<energy_stage>(small_plant());
        std::vector<row> rows;
        auto const per_mille = static_cast<std::uint32_t>(round < 2 ? 40 : 4);
        for (auto const& r : feed) {
            s->fold(r);
            if (dice() % 1000 < per_mille) { // also before the rows were fetched
                auto next = std::make_unique<energy_stage>(small_plant());
                REQUIRE(next->restore(s->snapshot()));
                REQUIRE(next->snapshot() == s->snapshot());
                s = std::move(next);
            }
            for (auto& x : s->advance(r.time))
                rows.push_back(std::move(x));
        }
        for (auto& x : s->advance(time_at(80 * minute_ms)))
            rows.push_back(std::move(x));
        REQUIRE(texts_of(rows) == wanted);
    }
}

TEST_CASE("energy_stage: a snapshot of another plant drops what is not there any more", "[energy][energy_stage]")
{
    energy_stage before{small_plant()};
    run(before, 0, 20 * minute_ms);
    auto changed = small_plant();
    changed.devices[2].name = "mill-2";
    changed.devices.erase(changed.devices.begin() + 3);
    changed.close_delay_ms = 200'000;
    energy_stage after{changed};
    REQUIRE(after.restore(before.snapshot()));
    auto const rows = run(after, 20 * minute_ms, 40 * minute_ms);
    CHECK(window(rows, "mill", stream::window_1m, 25 * minute_ms) == nullptr);
    auto const grid = look(rows, "grid", stream::window_1m, 25 * minute_ms, "active_energy_import.delta");
    REQUIRE(grid.has_value());
    CHECK(grid->value == Approx(40e3 / 60));
}

TEST_CASE("energy_stage: a snapshot that is damaged is refused and leaves an empty stage", "[energy][energy_stage]")
{
    energy_stage s{small_plant()};
    run(s, 0, 20 * minute_ms);
    auto const good = s.snapshot();
    energy_stage fresh{small_plant()};
    auto const empty = fresh.snapshot();
    CHECK_FALSE(fresh.restore("{}"));
    CHECK_FALSE(fresh.restore(""));
    for (std::size_t n = 0; n < good.size(); n += 13) {
        REQUIRE_FALSE(fresh.restore(good.substr(0, n)));
        REQUIRE(fresh.snapshot() == empty);
    }
    std::mt19937 dice{9};
    for (int i = 0; i < 2'000; ++i) { // bits turned over: refused or not, it goes on
        auto bad = good;
        bad[dice() % bad.size()] = static_cast<char>(dice());
        bad[dice() % bad.size()] ^= static_cast<char>(1 << dice() % 8);
        energy_stage victim{small_plant()};
        victim.restore(bad);
        for (auto const& r : small_feed{}.at(20 * minute_ms))
            victim.fold(r);
        victim.advance(time_at(36 * minute_ms));
    }
}
