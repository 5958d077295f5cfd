#include "drivers/sunspec_chain.hpp"

#include "config/table.hpp"
#include "core/point_names.hpp"
#include "drivers/decode.hpp"
#include "drivers/sunspec_models.hpp"
#include "tests/support/places.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <random>
#include <set>

using namespace kilnwatt;
using namespace kilnwatt::drivers;
using sunspec::block;
using outcome = sunspec::chain_walk::outcome;

namespace {

using memory = std::map<std::uint16_t, std::uint16_t>;

/// Walks over a memory; registers that are not there are refused. Ends after `most` reads.
sunspec::chain_walk walked(memory const& m, int most = 1000)
{
    sunspec::chain_walk walk;
    for (int i = 0; i < most; ++i) {
        auto const range = walk.next();
        if (!range)
            break;
        std::vector<std::uint16_t> words;
        for (std::uint16_t k = 0; k < range->count; ++k)
            if (auto const found = m.find(static_cast<std::uint16_t>(range->address + k)); found != m.end())
                words.push_back(found->second);
        if (words.size() == range->count)
            walk.answer(words);
        else
            walk.refuse();
    }
    return walk;
}

memory framed(std::uint16_t base, std::vector<sunspec::wanted_model> const& wanted)
{
    auto const frame = sunspec::frame_of(base, sunspec::lay_out(base, wanted));
    return {frame.begin(), frame.end()};
}

std::map<std::string, point> by_name(std::vector<point> const& points)
{
    std::map<std::string, point> named;
    for (auto const& p : points)
        named.emplace(p.name, p);
    return named;
}

} // namespace

TEST_CASE("sunspec: the table of models has no defect and is the one in the program", "[drivers][sunspec]")
{
    auto doc = config::read_file(KILNWATT_SOURCE_DIR "/config/sunspec/models.toml");
    auto const read = sunspec::read_models(doc);
    for (auto const& d : *doc.found)
        UNSCOPED_INFO(to_string(d));
    CHECK(doc.found->empty());
    REQUIRE(read.size() == sunspec::models().size());
    for (std::size_t i = 0; i < read.size(); ++i)
        CHECK(read[i].points == sunspec::models()[i].points);
    for (auto const id :
         {1, 101, 102, 103, 111, 112, 113, 120, 122, 160, 201, 202, 203, 204, 211, 212, 213, 214, 701, 713, 714, 802})
        CHECK(sunspec::model_of(static_cast<std::uint16_t>(id)) != nullptr);
    CHECK(sunspec::model_of(64111) == nullptr);
}

TEST_CASE("sunspec: the offsets of model 103 are those of its definition", "[drivers][sunspec]")
{
    auto const named = by_name(sunspec::points_of(std::vector<block>{{103, 40069, 50, 0}}));
    CHECK(named.at("active_power").address == 40069 + 14);
    CHECK(named.at("active_power").exponent == "vendor.w_sf");
    CHECK(named.at("vendor.w_sf").address == 40069 + 15);
    CHECK(named.at("active_energy").address == 40069 + 24);
    CHECK(named.at("active_energy").accumulator);
    CHECK(named.at("active_energy").counter);
    CHECK(named.at("dc_power").sentinels == std::vector<std::uint64_t>{0x8000});
    CHECK(named.at("state").address == 40069 + 38);
    CHECK(named.at("state").states.at(3) == std::pair<std::int64_t, std::string>{4, "running"});
    CHECK(named.at("power_factor").scale == 0.01);
    CHECK(named.at("voltage_l1").address == 40069 + 10);
}

TEST_CASE("sunspec: a laid out chain is the chain that is walked", "[drivers][sunspec]")
{
    for (auto const base : sunspec::bases) {
        std::vector<sunspec::wanted_model> const wanted{{1}, {103}, {160, 6}, {120}, {714, 2}};
        auto const walk = walked(framed(base, wanted));
        CHECK(walk.result() == outcome::found);
        CHECK(walk.chain() == sunspec::lay_out(base, wanted));
        CHECK(walk.chain().at(2).groups == 6);
    }
}

TEST_CASE("sunspec: a common block of 65 registers and models we do not know are stepped over", "[drivers][sunspec]")
{
    memory m{{0, 0x5375}, {1, 0x6E53}, {2, 1},   {3, 65},       {69, 64001},
             {70, 7},     {78, 103},   {79, 50}, {130, 0xFFFF}, {131, 0}};
    auto const walk = walked(m);
    CHECK(walk.result() == outcome::found);
    CHECK(walk.chain() == std::vector<block>{{1, 2, 65, 0}, {64001, 69, 7, 0}, {103, 78, 50, 0}});
    auto const named = by_name(sunspec::points_of(walk.chain()));
    CHECK(named.at("serial_number").address == 2 + 50);
    CHECK(named.at("active_power").address == 78 + 14);
}

TEST_CASE("sunspec: a chain may end where the device has no more registers", "[drivers][sunspec]")
{
    auto m = framed(40000, {{1}, {103}});
    m.erase(std::prev(m.end()));
    CHECK(walked(m).result() == outcome::found);
    CHECK(walked(m).chain().size() == 2);
}

TEST_CASE("sunspec: what is no chain is refused", "[drivers][sunspec]")
{
    CHECK(walked({}).result() == outcome::no_marker);
    CHECK(walked({{40000, 0x5375}, {40001, 0x6E54}}).result() == outcome::no_marker);
    CHECK(walked({{40000, 0x5375}, {40001, 0x6E53}}).result() == outcome::broken);
    CHECK(walked({{40000, 0x5375}, {40001, 0x6E53}, {40002, 0xFFFF}, {40003, 0}}).result() == outcome::broken);
    CHECK(walked({{40000, 0x5375}, {40001, 0x6E53}, {40002, 1}, {40003, 60000}}).result() == outcome::broken);
    memory endless;
    for (int a = 0; a <= 0xFFFF; ++a)
        endless[static_cast<std::uint16_t>(a)] = static_cast<std::uint16_t>(a % 2 == 0 ? 64500 : 0);
    endless[0] = 0x5375;
    endless[1] = 0x6E53;
    CHECK(walked(endless).result() == outcome::broken);
    CHECK(walked(endless).chain().size() == sunspec::models_max);
}

TEST_CASE("sunspec: whatever a device answers, the walk ends and its points stay inside the address space",
          "[drivers][sunspec]")
{
    std::mt19937 random{5};
    for (int round = 0; round < 2000; ++round) {
        sunspec::chain_walk walk;
        int reads = 0;
        constexpr std::array ids{1, 103, 160, 714, 701, 802, 64000, 0xFFFF};
        while (auto const range = walk.next()) {
            REQUIRE(range->address + range->count <= 0x10000);
            REQUIRE(++reads < 400);
            std::vector<std::uint16_t> words(range->count);
            for (auto& w : words)
                w = static_cast<std::uint16_t>(random() % 3 == 0 ? random() : random() % 200);
            if (range->count == 2 && (range->address == 40000 || range->address == 0 || range->address == 50000) &&
                reads < 4)
                words = {0x5375, 0x6E53};
            else
                words[0] = static_cast<std::uint16_t>(ids[random() % ids.size()]);
            if (random() % 50 == 0)
                walk.refuse();
            else
                walk.answer(words);
        }
        std::set<std::string> names;
        for (auto const& p : sunspec::points_of(walk.chain())) {
            REQUIRE(p.address + p.registers <= 0x10000);
            REQUIRE(names.insert(p.name).second);
            REQUIRE((point_meaning_of(p.name) || is_vendor_name(p.name)));
        }
        for (auto const& p : sunspec::points_of(walk.chain()))
            REQUIRE((p.exponent.empty() || names.contains(p.exponent)));
    }
}

TEST_CASE("sunspec: a shorter model brings only the points it has", "[drivers][sunspec]")
{
    auto const named = by_name(sunspec::points_of(std::vector<block>{{103, 0, 35, 0}}));
    CHECK(named.contains("active_power"));
    CHECK_FALSE(named.contains("state"));
    CHECK_FALSE(named.contains("cabinet_temperature")); // its scale factor is register 37, the first one beyond
}

TEST_CASE("sunspec: groups are numbered, and counted from the length when the count is missing", "[drivers][sunspec]")
{
    auto m = framed(40000, {{1}, {160, 4}});
    auto const chain = walked(m).chain();
    auto const named = by_name(sunspec::points_of(chain));
    CHECK(named.at("mppt1_power").address == chain[1].address + 21);
    CHECK(named.at("mppt4_power").address == chain[1].address + 21 + 60);
    CHECK_FALSE(named.contains("mppt5_power"));
    CHECK(named.at("mppt4_power").exponent == named.at("mppt1_power").exponent);
    m[static_cast<std::uint16_t>(chain[1].address + 8)] = 0xFFFF;
    CHECK(walked(m).chain()[1].groups == 4);
    m[static_cast<std::uint16_t>(chain[1].address + 8)] = 2;
    CHECK(walked(m).chain()[1].groups == 2);
    m[static_cast<std::uint16_t>(chain[1].address + 8)] = 900;
    CHECK(walked(m).chain()[1].groups == 4);
}

TEST_CASE("sunspec: of two models that say the same the better one is taken", "[drivers][sunspec]")
{
    auto const chain = sunspec::lay_out(40000, std::vector<sunspec::wanted_model>{{1}, {103}, {113}, {701}, {714, 1}});
    auto const named = by_name(sunspec::points_of(chain));
    CHECK(named.at("active_power").address == chain[3].address + 10);
    CHECK(named.at("dc_power").address == chain[4].address + 6);
    CHECK(named.at("dc_voltage").address == chain[2].address + 36);
    CHECK_FALSE(named.contains("vendor.evtvnd1"));

    auto const hybrid = sunspec::lay_out(40000, std::vector<sunspec::wanted_model>{{1}, {203}, {103}, {802}});
    auto const both = by_name(sunspec::points_of(hybrid));
    CHECK(both.at("active_power").address == hybrid[2].address + 14);
    CHECK(both.at("vendor.m203_w").address == hybrid[1].address + 18);
    CHECK(both.at("vendor.m203_w").exponent == "vendor.m203_w_sf");
    CHECK(both.at("vendor.m203_w_sf").address == hybrid[1].address + 22);
    CHECK(both.at("active_energy_import").address == hybrid[1].address + 46);
    CHECK(both.at("state_of_charge").address == hybrid[3].address + 11);
}

TEST_CASE("sunspec: each model has every point of its definition", "[drivers][sunspec]")
{
    // points of the model definitions without ID, L and pads, one instance of each repeating group
    std::map<std::uint16_t, std::size_t> const expected{
        {1, 6},    {101, 43}, {102, 43}, {103, 43}, {111, 31}, {112, 31}, {113, 31}, {120, 25}, {121, 30},
        {122, 20}, {123, 24}, {124, 24}, {160, 17}, {201, 72}, {202, 72}, {203, 72}, {204, 72}, {211, 62},
        {212, 62}, {213, 62}, {214, 62}, {701, 70}, {702, 49}, {703, 11}, {704, 51}, {705, 22}, {706, 17},
        {707, 17}, {708, 17}, {709, 17}, {710, 17}, {711, 17}, {712, 16}, {713, 7},  {714, 22}, {802, 56}};
    for (auto const& [id, points] : expected) {
        INFO("model " << id);
        auto const* m = sunspec::model_of(id);
        REQUIRE(m != nullptr);
        CHECK(m->points.size() == points);
    }
}

TEST_CASE("sunspec: points behind a nested curve are left out where its length is not the defined one",
          "[drivers][sunspec]")
{
    auto const single = by_name(sunspec::points_of(std::vector<block>{{707, 100, 20, 0}}));
    CHECK(single.contains("vendor.m707_crv_maytrip_actpt"));
    auto const longer = by_name(sunspec::points_of(std::vector<block>{{707, 100, 44, 0}}));
    CHECK(longer.contains("vendor.m707_crv_musttrip_pt_v"));
    CHECK_FALSE(longer.contains("vendor.m707_crv_maytrip_actpt"));
}

TEST_CASE("sunspec: a model of length 0 or beyond its definition moves no other model", "[drivers][sunspec]")
{
    memory m{{0, 0x5375}, {1, 0x6E53}, {2, 1},   {3, 66},       {70, 103},
             {71, 0},     {72, 113},   {73, 90}, {164, 0xFFFF}, {165, 0}};
    auto const walk = walked(m);
    CHECK(walk.chain() == std::vector<block>{{1, 2, 66, 0}, {103, 70, 0, 0}, {113, 72, 90, 0}});
    CHECK(by_name(sunspec::points_of(walk.chain())).at("active_power").address == 72 + 22);
}

TEST_CASE("sunspec: each common block begins a part, chosen alone or named apart", "[drivers][sunspec]")
{
    auto const chain = sunspec::lay_out(40000, std::vector<sunspec::wanted_model>{{1}, {103}, {1}, {203}});
    REQUIRE(sunspec::parts_of(chain).size() == 2);
    auto const all = by_name(sunspec::points_of(chain));
    CHECK(all.at("active_power").address == chain[1].address + 14);
    CHECK(all.at("vendor.part2_active_power").address == chain[3].address + 18);
    CHECK(all.at("vendor.part2_active_power").exponent == "vendor.part2_w_sf");
    CHECK(all.contains("vendor.part2_w_sf"));
    auto const meter = by_name(sunspec::points_of(chain, 2));
    CHECK(meter.at("active_power").address == chain[3].address + 18);
    CHECK(meter.at("serial_number").address == chain[2].address + 50);
    CHECK_FALSE(meter.contains("dc_power"));
    CHECK(sunspec::points_of(chain, 3).empty());
}

TEST_CASE("sunspec: several chains of one unit are walked, each a part", "[drivers][sunspec]")
{
    auto m = framed(40000, {{1}, {103}});
    m.merge(framed(0, {{1}, {203}}));
    m.merge(framed(50000, {{1}, {802}, {1}, {113}}));
    auto const walk = walked(m);
    REQUIRE(walk.result() == outcome::found);
    auto const parts = sunspec::parts_of(walk.chain());
    REQUIRE(parts.size() == 4);
    CHECK(parts[0][1].id == 103);
    CHECK(parts[1][1].id == 203);
    CHECK(parts[2][1].id == 802);
    CHECK(parts[3][1].id == 113);
    CHECK(by_name(sunspec::points_of(walk.chain(), 2)).at("active_power").address == 2 + 68 + 18);
    CHECK(by_name(sunspec::points_of(walk.chain(), 3)).at("state_of_charge").address == 50002 + 68 + 11);
}

TEST_CASE("sunspec: a chain that shows at several bases is one, and a broken second one costs nothing",
          "[drivers][sunspec]")
{
    auto mirrored = framed(40000, {{1}, {103}});
    mirrored.merge(framed(0, {{1}, {103}}));
    mirrored.merge(framed(50000, {{1}, {103}}));
    auto const once = walked(mirrored);
    CHECK(once.result() == outcome::found);
    CHECK(once.chain() == sunspec::lay_out(40000, std::vector<sunspec::wanted_model>{{1}, {103}}));

    auto const late = walked(framed(50000, {{1}, {103}}));
    CHECK(late.result() == outcome::found);
    CHECK(late.chain().front().address == 50002);

    auto broken = framed(40000, {{1}, {103}});
    broken.merge(memory{{0, 0x5375}, {1, 0x6E53}, {2, 1}, {3, 65533}});
    CHECK(walked(broken).chain() == once.chain());
    auto empty = framed(40000, {{1}, {103}});
    empty.merge(memory{{50000, 0x5375}, {50001, 0x6E53}, {50002, 0xFFFF}, {50003, 0}});
    CHECK(walked(empty).chain() == once.chain());
}

TEST_CASE("sunspec: a count that is not there is counted from the length", "[drivers][sunspec]")
{
    auto m = framed(40000, {{1}, {160, 3}});
    auto const chain = walked(m).chain();
    m.erase(static_cast<std::uint16_t>(chain[1].address + 8)); // the register is refused
    CHECK(walked(m).chain()[1].groups == 3);
}
