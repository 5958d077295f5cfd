#include "config/table.hpp"
#include "core/units.hpp"
#include "drivers/device.hpp"
#include "tests/drivers/golden.hpp"
#include "tests/support/places.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>

using namespace kilnwatt;
using namespace kilnwatt::drivers;
namespace fs = std::filesystem;

namespace {

profile_library const shipped{{KILNWATT_SOURCE_DIR "/config/devices"}};

std::string golden_folder(std::string const& id)
{
    return KILNWATT_SOURCE_DIR "/tests/devices/" + id;
}

profile load(std::string const& id)
{
    auto doc = config::read_files(shipped.path_of(id));
    auto p = read_profile(doc);
    for (auto const& d : *doc.found)
        UNSCOPED_INFO(to_string(d));
    CHECK(doc.found->empty());
    return p;
}

/// As the expected file writes it.
std::string shown(row const& r, std::size_t i)
{
    auto const& c = r.layout->columns[i];
    if (!r.cells[i].present)
        return "-";
    if (c.kind == value_kind::text)
        return r.texts.at(r.cells[i].bits);
    for (auto const& [number, word] : c.states)
        if (static_cast<std::uint64_t>(number) == r.cells[i].bits)
            return word;
    return {};
}

struct decoded_column {
    row const* from;
    std::size_t index;
};

void compare(expected_value const& e, decoded_column const& d)
{
    auto const& c = d.from->layout->columns[d.index];
    INFO(e.name);
    CHECK(c.unit == e.unit);
    CHECK(to_string(d.from->cells[d.index].q) == e.quality);
    auto const word = shown(*d.from, d.index);
    if (!word.empty()) {
        CHECK(word == e.value);
        return;
    }
    auto const expected = std::stod(e.value);
    CHECK(scaled_number(*d.from, d.index) == Approx(expected).epsilon(1e-6).margin(1e-9));
}

} // namespace

TEST_CASE("shipped profiles: each loads without a defect and can be checked", "[drivers][profiles]")
{
    auto const ids = shipped.ids();
    REQUIRE(ids.size() >= 35);
    for (auto const& id : ids) {
        INFO(id);
        auto const p = load(id);
        CHECK(p.id == id);
        CHECK_FALSE(p.kind.empty());
        CHECK_FALSE(p.source.empty());
        CHECK((p.confidence == "high" || p.confidence == "medium"));
        CHECK_FALSE(p.models.empty());
        CHECK(fs::exists(golden_folder(id) + "/image.txt"));
        CHECK(fs::exists(golden_folder(id) + "/expected.txt"));
    }
    for (auto const& entry : fs::directory_iterator{KILNWATT_SOURCE_DIR "/tests/devices"})
        CHECK_FALSE(shipped.path_of(entry.path().filename().string()).empty());
}

TEST_CASE("shipped profiles: every point says its number in the manual and where its line was taken from",
          "[drivers][profiles]")
{
    std::vector<std::string> lacking;
    for (auto const& id : shipped.ids())
        for (auto const& q : load(id).points)
            if (q.ref.empty() || q.source.empty())
                lacking.push_back(id + ": " + q.name);
    CHECK(lacking == std::vector<std::string>{});
}

TEST_CASE("shipped profiles: each way to say \"not available\" has a case in the golden folder", "[drivers][profiles]")
{
    std::vector<std::string> lacking;
    for (auto const& id : shipped.ids()) {
        auto const p = load(id);
        std::set<std::string> missing; // names of the points that say so
        for (auto const& e : load_expected(golden_folder(id) + "/expected.txt"))
            if (e.value == "-" && e.quality == "bad:not_supported")
                missing.insert(e.name);
        using way = std::pair<point_type, std::vector<std::uint64_t>>;
        std::map<way, bool> ways;
        for (auto const& q : p.points)
            if (!q.sentinels.empty())
                ways[{q.type, q.sentinels}] |= missing.contains(q.name);
        for (auto const& [w, has_case] : ways)
            if (!has_case)
                lacking.push_back(fmt::format("{}: {} {:#x}", id, to_string(w.first), fmt::join(w.second, " ")));
        if (p.sunspec && missing.empty())
            lacking.push_back(id + ": a point of its chain");
    }
    CHECK(lacking == std::vector<std::string>{});
}

TEST_CASE("shipped profiles: each decodes its golden image, all of it, without a refusal", "[drivers][profiles]")
{
    int values = 0;
    for (auto const& id : shipped.ids()) {
        INFO(id);
        register_link link;
        load_image(golden_folder(id) + "/image.txt", link);
        plant_clock const clock;
        device dut{id, 1, load(id)};
        REQUIRE(run(dut.discover(link)).has_value());
        link.refused = 0;

        std::vector<row> rows;
        for (auto const c : dut.classes()) {
            auto read = run(dut.read(link, c, clock));
            REQUIRE(read.has_value());
            rows.push_back(std::move(*read));
        }
        CHECK(link.refused == 0);

        std::map<std::string, decoded_column> columns;
        std::set<std::string> exponents;
        for (auto const& r : rows)
            for (std::size_t i = 0; i < r.cells.size(); ++i) {
                auto const& c = r.layout->columns[i];
                columns[c.name] = {&r, i};
                if (c.exponent_column >= 0)
                    exponents.insert(r.layout->columns[static_cast<std::size_t>(c.exponent_column)].name);
            }
        for (auto const& e : load_expected(golden_folder(id) + "/expected.txt")) {
            INFO(e.name);
            auto const found = columns.find(e.name);
            REQUIRE(found != columns.end());
            compare(e, found->second);
            columns.erase(found);
            ++values;
        }
        for (auto const& [name, column] : columns) {
            INFO("not in expected.txt: " << name);
            CHECK(exponents.contains(name));
        }
    }
    CHECK(values > 500);
}

TEST_CASE("shipped profiles: each with signed numbers has a negative one in its golden folder", "[drivers][profiles]")
{
    constexpr std::array is_signed{point_type::i8,  point_type::i16, point_type::i32, point_type::i64,
                                   point_type::f16, point_type::f32, point_type::f64};
    for (auto const& id : shipped.ids()) {
        auto const p = load(id);
        auto const has_sign = std::any_of(p.points.begin(), p.points.end(), [&](point const& q) {
            return std::find(is_signed.begin(), is_signed.end(), q.type) != is_signed.end();
        });
        auto const values = load_expected(golden_folder(id) + "/expected.txt");
        auto const is_negative = [](expected_value const& e) { return e.value.size() > 1 && e.value.front() == '-'; };
        INFO(id);
        CHECK((!(has_sign || p.sunspec) || std::any_of(values.begin(), values.end(), is_negative)));
    }
}
