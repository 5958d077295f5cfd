#include "plant_devices.hpp"
#include "simulator/hand_images.hpp"
#include "simulator/point_source.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace kilnwatt;
using namespace kilnwatt::simulator;
using namespace std::chrono_literals;

namespace {

utc_time const midsummer{std::chrono::sys_days{2026y / std::chrono::June / 21} - 8h}; ///< midnight at the plant

/// Checks every point that the plant knows against the physics. Returns how many there were.
int check_against_physics(std::string const& device, std::vector<drivers::point> const& points,
                          register_image const& image, plant const& p)
{
    auto const r = decoded(points, image);
    auto checked = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        auto const source = source_of(device, points[i].name);
        if (!source)
            continue;
        ++checked;
        INFO(device << '.' << points[i].name << " at " << points[i].address);
        if (auto const* number = std::get_if<number_source>(&*source)) {
            auto const truth = (*number)(p);
            CHECK(r.cells[i].present);
            CHECK(std::abs(scaled_number(r, i) - truth) <= resolution(r, i, truth));
        } else if (auto const* text = std::get_if<std::string>(&*source)) {
            auto const shown = scaled(r, i);
            REQUIRE(std::holds_alternative<std::string>(shown));
            CHECK(std::get<std::string>(shown) == text->substr(0, 2u * points[i].registers));
        } else if (r.cells[i].present) {
            auto const words = std::get<state_source>(*source)(p);
            auto const raw = static_cast<std::int64_t>(r.cells[i].bits);
            auto const& states = points[i].states;
            auto const named =
                std::find_if(states.begin(), states.end(), [&](auto const& s) { return s.first == raw; });
            REQUIRE(named != states.end());
            CHECK(std::find(words.begin(), words.end(), named->second) != words.end());
        } else {
            FAIL_CHECK("none of the plant's words for the state is one of the profile's");
        }
    }
    return checked;
}

std::vector<drivers::point> points_from(std::string const& lines)
{
    auto document = config::read_text("points = [\n" + lines + "]\n", "test");
    auto points = drivers::read_points(document.root, "points");
    for (auto const& d : *document.found)
        FAIL(config::to_string(d));
    return points;
}

} // namespace

TEST_CASE("register_image: ranges that touch become one, others stay apart", "[simulator][register_image]")
{
    register_image image;
    auto const t = modbus::table::holding_registers;
    image.add(t, 10, 2);
    image.at(t, 11, 1)[0] = 7;
    image.add(t, 20, 5);
    image.add(t, 12, 3);
    CHECK(image.at(t, 10, 5).size() == 5);
    CHECK(image.at(t, 11, 1)[0] == 7);
    CHECK(image.at(t, 10, 6).empty());
    CHECK(image.at(t, 15, 1).empty());
    CHECK(image.at(modbus::table::input_registers, 10, 1).empty());
    image.add(t, 8, 14);
    CHECK(image.at(t, 8, 17).size() == 17);
    CHECK(image.at(t, 11, 1)[0] == 7);
    image.add(t, 65535, 1);
    CHECK(image.at(t, 65535, 1).size() == 1);
    CHECK(image.at(t, 65535, 2).empty());
}

TEST_CASE("profile_image: what the plant does not know is not implemented, or 0", "[simulator][images]")
{
    drivers::profile profile;
    profile.points = points_from(R"(
        {name = "active_power", address = 0, type = "f32", unit = "kW"},
        {name = "vendor.mystery", address = 2, type = "u16", sentinels = [0xFFFF]},
        {name = "vendor.riddle", address = 3, type = "u16"},
        {name = "thd_voltage_l1", address = 4, type = "f32", unit = "%"},
    )");
    auto image = profile_image("kiln-meter", profile);
    plant const p{1, midsummer};
    image.refresh(p);
    auto const r = decoded(profile.points, image.registers);
    CHECK(scaled_number(r, 0) == Approx(p.state().loads.kiln_fans.p_w).epsilon(1e-6));
    CHECK(r.cells[1].q == quality::not_supported);
    CHECK(scaled_number(r, 2) == 0.0);
    CHECK(r.cells[3].q == quality::not_supported);
}

TEST_CASE("profile_image: a decimal exponent lets the largest value fit", "[simulator][images]")
{
    auto const points = points_from(R"(
        {name = "active_power", address = 0, type = "i16", unit = "W", exponent = "vendor.w_sf"},
        {name = "vendor.w_sf", address = 1, type = "i16"},
        {name = "current", address = 2, type = "u16", unit = "A", exponent = "vendor.a_sf"},
        {name = "vendor.a_sf", address = 3, type = "i16"},
        {name = "active_energy", address = 4, type = "u32", unit = "Wh", exponent = "vendor.wh_sf"},
        {name = "vendor.wh_sf", address = 6, type = "i16"},
    )");
    CHECK(exponent_for(points, "vendor.w_sf") == 1);
    CHECK(exponent_for(points, "vendor.a_sf") == -1);
    CHECK(exponent_for(points, "vendor.wh_sf") == 0);
}

TEST_CASE("profile_image: a SunSpec inverter is a chain at 40000 that shows the roof", "[simulator][images][sunspec]")
{
    drivers::profile profile;
    profile.sunspec = true;
    auto image = profile_image("pv-roof-1", profile);
    plant p{3, midsummer};
    p.advance_to(midsummer + 12h);
    image.refresh(p);
    auto const& s = p.state().pv[0];
    REQUIRE(s.ac_w > 20e3);

    auto const word = [&](std::uint16_t address) {
        auto const at = std::as_const(image.registers).at(modbus::table::holding_registers, address, 1);
        REQUIRE(at.size() == 1);
        return at[0];
    };
    auto const signed_word = [&](std::uint16_t address) { return static_cast<std::int16_t>(word(address)); };
    auto const power = [&](std::uint16_t address, std::uint16_t factor) {
        return signed_word(address) * std::pow(10.0, signed_word(factor));
    };
    CHECK(word(40000) == 0x5375);
    CHECK(word(40001) == 0x6E53);
    CHECK(word(40002) == 1);
    auto const inverter = static_cast<std::uint16_t>(40004 + word(40003));
    REQUIRE(word(inverter) == 103);
    CHECK(word(static_cast<std::uint16_t>(inverter + 1)) == 50);
    auto const at = [inverter](int offset) { return static_cast<std::uint16_t>(inverter + offset); };
    CHECK(power(at(14), at(15)) == Approx(s.ac_w).margin(5.01));
    CHECK(power(at(31), at(32)) == Approx(s.dc_w).margin(5.01));
    CHECK(word(at(38)) == (s.state == inverter_state::throttled ? 5 : 4));
    auto const energy = (std::uint32_t{word(at(24))} << 16 | word(at(25))) * std::pow(10.0, signed_word(at(26)));
    CHECK(energy == Approx(p.counter(quantity::pv1_e) * 1000.0).margin(0.51));

    auto const checked = check_against_physics("pv-roof-1", served_points(profile), image.registers, p);
    CHECK(checked > 40);
}

TEST_CASE("images: every device of the example plant decodes to the physics", "[simulator][images]")
{
    auto const [device, id] = GENERATE(from_range(plant_devices));
    INFO(device << " by " << id);
    std::vector<std::string> mistakes;
    auto const profile = shipped_profile(id, mistakes);
    REQUIRE(mistakes == std::vector<std::string>{});
    auto const points = served_points(profile);
    auto image = profile_image(device, profile);
    plant p{4, midsummer};
    for (auto const hour : {1h, 10h, 13h, 19h}) {
        p.advance_to(midsummer + hour + 250ms);
        image.refresh(p);
        CHECK(check_against_physics(device, points, image.registers, p) >= 3);
    }
}

TEST_CASE("images: what is laid out by hand is what the profiles read", "[simulator][images]")
{
    auto const [device, id] = GENERATE(table<std::string, std::string>({
        {"transformer", "siemens_pac2200"},
        {"ball-mill-meter", "acrel_adw300"},
        {"kiln-meter", "chint_dtsu666"},
    }));
    INFO(device << " by " << id);
    std::vector<std::string> mistakes;
    auto const profile = shipped_profile(id, mistakes);
    REQUIRE(mistakes == std::vector<std::string>{});
    auto image = hand_image(device, id);
    REQUIRE(image.has_value());
    plant p{5, midsummer};
    for (auto const hour : {2h, 12h, 20h}) {
        p.advance_to(midsummer + hour);
        image->refresh(p);
        CHECK(check_against_physics(device, profile.points, image->registers, p) >= 10);
    }
    CHECK_FALSE(hand_image(device, "eastron_sdm630").has_value());
}
