#include "agent/energy/fine_gain.hpp"

#include "agent/energy/byte_stream.hpp"
#include "tests/energy/small_plant.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <random>

using namespace kilnwatt;
using namespace kilnwatt::energy;
using namespace kilnwatt::energy::test;

namespace {

/// kWh of a minute at `kw`.
double in_a_minute(double kw)
{
    return kw / 60;
}

/// A meter that counts whole kWh beside a power that it measures finely.
class coarse_meter {
public:
    coarse_meter(std::string device, std::string counter)
        : layout_{std::make_shared<layout const>(
              layout{.device = std::move(device),
                     .kind = stream::readings,
                     .columns = {{.name = "active_power", .unit = "W", .kind = value_kind::f64},
                                 {.name = std::move(counter), .unit = "Wh", .kind = value_kind::u64, .scale = 1000}}})}
    {}

    row at(std::int64_t ms, double kw, double kwh) const
    {
        row r{.layout = layout_, .time = time_at(ms)};
        r.cells = {cell_of(kw * 1000), cell_of(static_cast<std::uint64_t>(kwh))};
        return r;
    }

private:
    layout_ptr layout_;
};

} // namespace

TEST_CASE("fine_gain: minutes follow the power, and together are never more than a step off the counter",
          "[energy][fine_gain]")
{
    auto const meter_error = GENERATE(0.97, 1.0, 1.03);
    std::mt19937 random{7};
    std::uniform_real_distribution<double> load{0, 180}; // kW
    fine_gain fine;
    auto used = 0.0;
    auto shown = 0.0;
    auto gained = 0.0;
    auto error = 0.0;
    auto raw_error = 0.0;
    for (int i = 0; i < 3000; ++i) {
        auto const kwh = in_a_minute(load(random));
        used += kwh;
        auto const counted = std::floor(used) - shown;
        shown += counted;
        auto const gain = fine.next(counted, meter_error * kwh, 1);
        gained += gain;
        REQUIRE(gain >= 0);
        REQUIRE(std::abs(gained - shown) <= 1.000001);
        if (i >= 200) {
            error += std::abs(gain - kwh);
            raw_error += std::abs(counted - kwh);
        }
    }
    CHECK(error < 0.1 * raw_error);
}

TEST_CASE("fine_gain: what its minutes say is the counter's gain and how far it is ahead, to the last bit",
          "[energy][fine_gain]")
{
    std::mt19937 random{11};
    std::uniform_int_distribution<int> what{0, 3};
    std::uniform_real_distribution<double> kwh{0, 2};
    fine_gain fine;
    auto counted = 0.0;
    auto gained = 0.0;
    for (int i = 0; i < 5000; ++i) {
        auto const gain = static_cast<double>(what(random));
        counted += gain;
        auto const now = what(random) == 0 ? fine.next(gain) : fine.next(gain, kwh(random), 1);
        REQUIRE(now >= 0);
        gained += now;
        REQUIRE(gained == counted + fine.ahead());
    }

    SECTION("and a restart changes nothing")
    {
        byte_writer w;
        fine.save(w);
        auto const bytes = w.take();
        byte_reader r{bytes};
        fine_gain again;
        again.load(r);
        CHECK(r.ok());
        CHECK(again.next(1, 1.3, 1) == fine.next(1, 1.3, 1));
        CHECK(again.ahead() == fine.ahead());
    }
}

TEST_CASE("energy_stage: counters of whole kWh do not spoil what is matched minute by minute",
          "[energy][energy_stage][fine_gain]")
{
    plant_model m;
    m.devices = {device("roof", role::pv), device("grid", role::grid), device("mill", role::load, "", true)};
    energy_stage s{m};
    coarse_meter const roof{"roof", "active_energy"};
    coarse_meter const mill{"mill", "active_energy_import"};
    source const grid{"grid", {"active_power", "active_energy_import", "active_energy_export"}};
    std::vector<row> rows;
    for (std::int64_t ms = 0; ms < 3 * 3'600'000 + minute_ms; ms += 10 * second) {
        auto const h = static_cast<double>(ms) / 3.6e6;
        s.fold(roof.at(ms, 50, 1000 + 50 * h));
        s.fold(mill.at(ms + 1, 55, 2000.4 + 55 * h));
        s.fold(grid.at(ms + 2, {5e3, 5e3 * h, 0}));
        for (auto& r : s.advance(time_at(ms + 500)))
            rows.push_back(std::move(r));
    }
    auto const share = figure_at(rows, stream::kpi_1h, 7'200'000, "site.pv_first");
    REQUIRE(share);
    CHECK(share->value == Approx(100 * 50.0 / 55).margin(1)); // by the counters alone 82 %

    auto quarter_sum = 0.0;
    for (int i = 0; i < 15; ++i) {
        auto const kwh = look(rows, "mill", stream::window_1m, 7'200'000 + i * minute_ms, "active_energy_import.delta");
        REQUIRE(kwh);
        CHECK(kwh->value == Approx(55e3 / 60).epsilon(0.05));
        CHECK(kwh->q == quality::low_resolution);
        quarter_sum += kwh->value;
    }
    auto const whole = look(rows, "mill", stream::window_15m, 7'200'000, "active_energy_import.delta");
    REQUIRE(whole);
    CHECK(whole->value == quarter_sum);
    CHECK(whole->value == Approx(55e3 / 4).margin(300));
}
