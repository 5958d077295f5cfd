#pragma once

#include "agent/journal/journal.hpp"
#include "agent/report/site_report.hpp"
#include "tests/energy/small_plant.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>

#include <optional>
#include <string>

namespace kilnwatt::report::test {

using energy::hour;
using energy::instant;

/// Hours after t0, the first of June 2026, 00:00 UTC.
constexpr instant hours(double n)
{
    return static_cast<instant>(n * static_cast<double>(hour));
}

/// The small plant on Berlin's clocks, which go back on 25 October 2026, 01:00 UTC; the first shift begins at eight.
inline energy::plant_model plant_in_berlin()
{
    auto m = energy::test::small_plant();
    m.local_time = {{{0, hour}, {1'774'746'000'000, 2 * hour}, {1'792'890'000'000, hour}}, 8 * hour};
    m.prices.emplace();
    auto& day = m.prices->days.emplace_back();
    day.minutes.fill(energy::tariff_period::valley);
    std::fill(day.minutes.begin() + 480, day.minutes.begin() + 1200, energy::tariff_period::peak);
    m.prices->price[static_cast<std::size_t>(energy::tariff_period::peak)] = 1.04;
    m.prices->price[static_cast<std::size_t>(energy::tariff_period::valley)] = 0.26;
    m.prices->source = "notice 1 & 2";
    return m;
}

/// A journal with what the stage says of the small plant from `from` to `to` after t0.
class stored_plant {
public:
    stored_plant(energy::plant_model model, instant from, instant to) : model_{std::move(model)}
    {
        energy::energy_stage stage{model_};
        store(energy::test::run(stage, from, to, 60 * energy::test::second));
    }

    void store(std::vector<row> rows)
    {
        auto j = journal::journal::open({.path = folder_.file("journal.db")}, plant_clock{}, why);
        INFO(why);
        REQUIRE(j.has_value());
        (*j)->start();
        for (auto& r : rows)
            REQUIRE((*j)->append(std::move(r)));
        (*j)->stop();
    }

    std::optional<site_report> report(report_request wanted)
    {
        why.clear();
        auto reader = journal::journal_reader::open(folder_.file("journal.db"), why);
        REQUIRE(reader.has_value());
        if (wanted.site.empty())
            wanted.site = "Small plant";
        return read_report(*reader, model_, typed, wanted, why);
    }

    energy::plant_model& model() { return model_; } ///< of reports to come

    entries::entry_book typed;
    std::string why;

private:
    energy::plant_model model_;
    kilnwatt::test::scratch_folder folder_;
};

} // namespace kilnwatt::report::test
