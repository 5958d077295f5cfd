#include "core/meter_exchange.hpp"
#include "tests/pipeline/small_journal.hpp"

using namespace kilnwatt;
using namespace kilnwatt::test;

namespace {

constexpr auto delta = "active_energy_import.delta";

/// The mill's meter is exchanged at 00:07:30; the readings around it are at `from` and `to` minutes.
struct swap {
    std::int64_t from = 7, to = 8;
    std::int64_t told = 20;            ///< min, when somebody tells; 0 = nobody
    double used = 0;                   ///< Wh that the mill used in between, by the readings that are told
    std::optional<double> corrected{}; ///< told seven minutes later instead
    std::uint32_t seed = 0;            ///< of crashes; 0 = none
};

double new_meter(std::int64_t ms)
{
    return 5e8 + 120e3 * static_cast<double>(ms - new_year) / 3.6e6;
}

row exchange_row(swap const& s, double used)
{
    auto const last = at_120_kw(new_year + s.from * minute_ms);
    auto r = to_row({"mill", "active_energy_import", "Wh", utc_time{milliseconds{new_year + 7 * minute_ms + 30'000}},
                     last + used / 2, new_meter(new_year + s.to * minute_ms) - used / 2, "protocol-17", "Li"});
    return r;
}

small_journal plant_with(swap const& s, std::int64_t until = 2 * hour_ms + 30 * minute_ms)
{
    small_journal j;
    auto const readings = [&](std::string const& device, std::int64_t ms) -> std::optional<double> {
        auto const since = ms - new_year;
        if (device == "mill" && since == s.told * minute_ms && s.told != 0)
            j.append(exchange_row(s, s.used));
        if (device == "mill" && s.corrected && since == (s.told + 7) * minute_ms)
            j.append(exchange_row(s, *s.corrected));
        if (device == "mill" && since > s.from * minute_ms && since < s.to * minute_ms)
            return std::nullopt;
        return device == "mill" && since >= s.to * minute_ms ? new_meter(ms) : at_120_kw(ms);
    };
    run(j, readings, new_year - 2 * hour_ms, new_year + until, s.seed);
    return j;
}

double sum_of_minutes(small_journal const& j, std::int64_t from, std::int64_t to)
{
    auto sum = 0.0;
    for (auto m = from; m < to; ++m)
        sum += look(j, "mill", stream::window_1m, new_year + m * minute_ms, delta).value;
    return sum;
}

} // namespace

TEST_CASE("late exchange: one that nobody tells leaves its quarter unknown and longer periods in doubt",
          "[pipeline][exchange]")
{
    auto const j = plant_with({.told = 0});
    CHECK(j.window("mill", stream::window_15m, new_year) == nullptr); // nothing to say
    CHECK(look(j, "mill", stream::window_1h, new_year, delta).q != quality::good);
    CHECK(j.shown_again == 0);
}

TEST_CASE("late exchange: told after its quarter closed, each window from the minute to the hour has its energy",
          "[pipeline][exchange]")
{
    for (auto const& s : {swap{.used = 2'000}, swap{.from = 7, .to = 29, .told = 95, .used = 44'000},
                          swap{.told = 10, .used = 2'000}}) {
        INFO("told after " << s.told << " min");
        auto const j = plant_with(s);
        for (auto m = s.from; m < s.to; ++m) {
            auto const w = look(j, "mill", stream::window_1m, new_year + m * minute_ms, delta);
            CHECK(w.value == Approx(2'000).margin(0.01));
            CHECK(w.q == (s.to - s.from > 1 ? quality::interpolated : quality::good));
        }
        CHECK(sum_of_minutes(j, 0, 60) == Approx(120e3));
        for (auto start = new_year; start < new_year + hour_ms; start += 15 * minute_ms) {
            auto const q = look(j, "mill", stream::window_15m, start, delta);
            CHECK(q.value == Approx(30e3));
            CHECK(q.value ==
                  Approx(sum_of_minutes(j, (start - new_year) / minute_ms, (start - new_year) / minute_ms + 15)));
            CHECK(look(j, "site", stream::kpi_15m, start, "mill.e").value == Approx(30));
        }
        auto const hour = look(j, "mill", stream::window_1h, new_year, delta);
        CHECK(hour.value == Approx(120e3));
        CHECK(hour.q != quality::inputs_missing);
        CHECK(hour.revision == (s.told > 61 ? 1 : 0));
        CHECK(look(j, "grid", stream::window_1h, new_year, delta).revision == 0);
        CHECK(look(j, "mill", stream::window_15m, new_year + 2 * hour_ms, delta).value == Approx(30e3));
    }
}

TEST_CASE("late exchange: told on the next day, the day, month and year that closed without it are told again",
          "[pipeline][exchange]")
{
    auto const exchanged = [](std::int64_t told) {
        small_journal j;
        auto const change = new_year - 30 * minute_ms;
        auto const readings = [&](std::string const& device, std::int64_t ms) -> std::optional<double> {
            if (device == "mill" && ms == new_year + told && told != 0)
                j.append(to_row({"mill", "active_energy_import", "Wh", utc_time{milliseconds{change}},
                                 at_120_kw(change - 5'000), new_meter(change - 5'000), "protocol-17", "Li"}));
            return device == "mill" && ms >= change ? new_meter(ms) : at_120_kw(ms);
        };
        run(j, readings, new_year - 3 * hour_ms, new_year + 4 * hour_ms);
        return j;
    };
    auto const j = exchanged(2 * hour_ms);
    auto const forgotten = exchanged(0);
    std::int64_t const day = 24 * hour_ms;
    for (auto const& [kind, start] : {std::pair{stream::window_day, -day}, std::pair{stream::window_month, -31 * day},
                                      std::pair{stream::window_year, -365 * day}}) {
        auto const partial = "active_energy_import.partial";
        CHECK(look(forgotten, "mill", kind, new_year + start, partial).value < 345e3); // its quarter is missing
        auto const told = look(j, "mill", kind, new_year + start, partial);
        CHECK(told.value == Approx(360e3).epsilon(1e-3));
        CHECK(told.revision == 1);
        CHECK(look(j, "grid", kind, new_year + start, partial).revision == 0);
    }
}

TEST_CASE("late exchange: a correction replaces what was told first, also where it was spread", "[pipeline][exchange]")
{
    auto const j = plant_with({.to = 29, .told = 35, .used = 22'000, .corrected = 44'000});
    CHECK(sum_of_minutes(j, 0, 60) == Approx(120e3));
    for (auto m = 0; m < 60; ++m)
        CHECK(look(j, "mill", stream::window_1m, new_year + m * minute_ms, delta).value == Approx(2'000).margin(0.01));
    CHECK(look(j, "mill", stream::window_15m, new_year, delta).value == Approx(30e3));
}

TEST_CASE("late exchange: one that is told after gap_total_max keeps its energy in the window that is open",
          "[pipeline][exchange]")
{
    auto const j = plant_with({.told = 25 * 60, .used = 2'000}, 26 * hour_ms);
    CHECK(j.shown_again == 0);
    auto const open = look(j, "mill", stream::window_1m, new_year + 25 * hour_ms - minute_ms, delta);
    CHECK(open.value == Approx(4'000));
    CHECK(j.window("mill", stream::window_15m, new_year) == nullptr);
}

TEST_CASE("late exchange: restarts at any moment change no row", "[pipeline][exchange]")
{
    restarts_change_no_row([](std::uint32_t seed) {
        return plant_with({.to = 29, .told = 35, .used = 22'000, .corrected = 44'000, .seed = seed}, hour_ms);
    });
}
