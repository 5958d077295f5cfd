#pragma once

#include "agent/pipeline/energy_pipeline.hpp"
#include "core/aggregate_columns.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <random>

namespace kilnwatt::test {

inline constexpr std::int64_t minute_ms = 60'000;
inline constexpr std::int64_t hour_ms = 60 * minute_ms;
inline constexpr std::int64_t new_year = 1'798'761'600'000; // 2027-01-01T00:00Z

inline energy::plant_model plant()
{
    energy::plant_model m;
    m.devices.resize(3);
    m.devices[0].name = "grid";
    m.devices[0].what = role::grid;
    m.devices[1].name = "mill";
    m.devices[1].what = role::load;
    m.devices[1].key = true;
    m.devices[2].name = "kiln";
    m.devices[2].what = role::load;
    m.local_time = energy::calendar{{}, 6 * energy::hour};
    return m;
}

inline layout_ptr layout_of(std::string device)
{
    auto l = std::make_shared<layout>();
    l->device = std::move(device);
    column c;
    c.name = "active_energy_import";
    c.unit = "Wh";
    c.kind = value_kind::f64;
    c.counter = true;
    l->columns = {c};
    return l;
}

/// What the three meters are read at, each 10 s; nothing = the device does not answer.
using meter = std::function<std::optional<double>(std::string const& device, std::int64_t ms)>;

/// A meter at 120 kW, counted from the new year.
inline double at_120_kw(std::int64_t ms)
{
    return 9e8 + 120e3 * static_cast<double>(ms - new_year) / 3.6e6;
}

inline std::string text_of(row const& r)
{
    auto text = fmt::format("{} {}", r.layout->device, to_string(r.layout->kind));
    for (std::size_t i = 0; i < r.cells.size(); ++i)
        text += fmt::format(" {}={:x}:{}", r.layout->columns[i].name, r.cells[i].bits, to_string(r.cells[i].q));
    for (auto const& t : r.texts)
        text += " " + t;
    return text;
}

/// The journal as the pipeline sees it: records of all streams, shown again when asked, and crashes.
struct small_journal {
    energy::plant_model model = plant();
    std::vector<record> records;
    std::vector<row> derived;
    std::unique_ptr<pipeline::energy_pipeline> stage = std::make_unique<pipeline::energy_pipeline>(model);
    std::string snapshot;
    position covers = 1;
    position fed = 1;
    std::size_t shown_again = 0;
    std::size_t most_rows = 0; ///< at a time

    void append(row r)
    {
        record x;
        x.pos = records.size() + 1;
        x.data = std::move(r);
        records.push_back(std::move(x));
    }

    void take(journal::stage_output out, position next)
    {
        shown_again += out.again != 0 ? 1 : 0;
        most_rows = std::max(most_rows, out.rows.size());
        fed = out.again != 0 ? out.again : next;
        REQUIRE((out.rows.empty() || !out.snapshot.empty()));
        if (out.snapshot.empty())
            return;
        snapshot = out.snapshot;
        covers = fed;
        for (auto& r : out.rows) {
            derived.push_back(r);
            append(std::move(r));
        }
    }

    void show(std::int64_t now, std::size_t most = 500, std::mt19937* dice = nullptr)
    {
        stamp const at{mono_time{milliseconds{now - new_year + 10 * hour_ms}}, utc_time{milliseconds{now}}};
        while (fed <= records.size()) {
            auto const to = std::min<position>(records.size() + 1, fed + most);
            batch const b{records.begin() + static_cast<std::ptrdiff_t>(fed - 1),
                          records.begin() + static_cast<std::ptrdiff_t>(to - 1)};
            auto const replaying = to <= records.size() || b.size() > 10;
            take(stage->on_commit(b, replaying ? b.back().data.time : at, replaying), to);
            if (dice != nullptr && (*dice)() % 40 == 0)
                crash();
        }
        take(stage->on_commit({}, at, false), fed);
    }

    void crash()
    {
        stage = std::make_unique<pipeline::energy_pipeline>(model);
        REQUIRE(stage->restore(snapshot));
        fed = covers;
    }

    /// The newest revision of each window.
    row const* window(std::string const& device, stream kind, std::int64_t start) const
    {
        row const* newest = nullptr;
        for (auto const& r : derived)
            if (r.layout->device == device && r.layout->kind == kind && scaled_number(r, 0) == double(start))
                newest = &r;
        return newest;
    }
};

inline void run(small_journal& j, meter const& m, std::int64_t from, std::int64_t to, std::uint32_t crash_seed = 0)
{
    layout_ptr const layouts[]{layout_of("grid"), layout_of("mill"), layout_of("kiln")};
    std::mt19937 dice{crash_seed};
    for (auto ms = from; ms < to; ms += 10'000) {
        auto silent = true;
        for (auto const& l : layouts)
            if (auto const v = m(l->device, ms)) {
                stamp const at{mono_time{milliseconds{ms - new_year + 10 * hour_ms}}, utc_time{milliseconds{ms}}};
                j.append({l, at, {cell_of(*v)}, {}});
                silent = false;
            }
        if (!silent && crash_seed == 0)
            j.show(ms + 1);
        else if (!silent)
            j.show(ms + 1, 1 + dice() % 900, &dice);
    }
    j.show(to + 20'000);
}

struct number {
    double value = 0, revision = 0;
    quality q = quality::no_data;
};

inline number look(small_journal const& j, std::string const& device, stream kind, std::int64_t start,
                   std::string_view name)
{
    auto const* w = j.window(device, kind, start);
    INFO(device << " " << to_string(kind) << " " << start - new_year);
    REQUIRE(w != nullptr);
    for (std::size_t i = 0; i < w->cells.size(); ++i)
        if (w->layout->columns[i].name == name)
            return {scaled_number(*w, i), scaled_number(*w, 2), w->cells[i].q};
    FAIL("no " << name);
    return {};
}

/// Every row that `of(seed)`, a journal whose agent crashes at moments that the seed chooses (0: never), came to.
template <typename Journal>
void restarts_change_no_row(Journal const& of)
{
    auto const rows_of = [&](std::uint32_t seed) {
        std::vector<std::string> rows;
        for (auto const j = of(seed); auto const& r : j.derived)
            rows.push_back(text_of(r));
        std::sort(rows.begin(), rows.end());
        return rows;
    };
    auto const wanted = rows_of(0);
    REQUIRE(wanted.size() > 300);
    for (std::uint32_t seed = 1; seed < 12; ++seed) {
        INFO("seed " << seed);
        REQUIRE(rows_of(seed) == wanted);
    }
}

} // namespace kilnwatt::test
