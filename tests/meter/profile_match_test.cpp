#include "agent/meter/profile_match.hpp"

#include "drivers/decode.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::meter;
using modbus::table;

namespace {

drivers::point point(std::string name, std::uint16_t address, drivers::point_type t, double scale, std::string unit)
{
    drivers::point p;
    p.name = std::move(name);
    p.address = address;
    p.type = t;
    p.registers = t == drivers::point_type::text ? std::uint16_t{4} : drivers::registers_of(t);
    p.scale = scale;
    p.unit = std::move(unit);
    return p;
}

drivers::profile meter_profile(std::string id, std::uint16_t at)
{
    drivers::profile p;
    p.id = std::move(id);
    p.points = {point("frequency", at, drivers::point_type::u16, 0.01, "Hz"),
                point("voltage_l1", static_cast<std::uint16_t>(at + 1), drivers::point_type::u16, 0.1, "V")};
    return p;
}

} // namespace

TEST_CASE("register_book: what was answered is known, what was refused has no words", "[meter][match]")
{
    register_book book;
    std::vector<std::uint16_t> const words{1, 2};
    book.answered({table::holding_registers, 10, 2}, words);
    book.refused({table::holding_registers, 11, 2});
    CHECK(book.words({table::holding_registers, 10, 2}) == words);
    CHECK(book.knows({table::holding_registers, 11, 2}));
    CHECK_FALSE(book.words({table::holding_registers, 11, 2}));
    CHECK(book.knows({table::holding_registers, 11, 1}));       // answered before
    CHECK_FALSE(book.knows({table::holding_registers, 12, 1})); // alone it may be there
    CHECK_FALSE(book.knows({table::input_registers, 10, 1}));
}

TEST_CASE("profile_match: 50 Hz and 230 V at the right places fit, elsewhere they do not", "[meter][match]")
{
    register_book book;
    std::vector<std::uint16_t> const words{5002, 2301};
    book.answered({table::holding_registers, 100, 2}, words);
    book.refused({table::holding_registers, 200, 2});
    std::vector<drivers::profile> const profiles{meter_profile("elsewhere", 200), meter_profile("right", 100)};
    auto const fits = best_fits(profiles, book);
    REQUIRE(fits.size() == 1);
    CHECK(fits[0].profile == "right");
    CHECK(fits[0].confidence > 0.6);
    CHECK(fits[0].confidence < 0.9);
    CHECK(fits[0].reason == "frequency 50.02 Hz, voltage_l1 230.1 V");
}

TEST_CASE("profile_match: a meter behind voltage transformers is known by its frequency", "[meter][match]")
{
    register_book book;
    std::vector<std::uint16_t> const words{5002, 58'000}; // 5.8 kV
    book.answered({table::holding_registers, 100, 2}, words);
    auto const fit = judge(meter_profile("x", 100), book);
    CHECK(fit.confidence > 0.5);
    CHECK(fit.reason == "frequency 50.02 Hz");
}

TEST_CASE("profile_match: an impossible frequency speaks against a profile", "[meter][match]")
{
    register_book book;
    std::vector<std::uint16_t> const words{17, 2301};
    book.answered({table::holding_registers, 100, 2}, words);
    CHECK(judge(meter_profile("x", 100), book).confidence < 0.1);
}

TEST_CASE("profile_match: a device that names its model is believed", "[meter][match]")
{
    auto p = meter_profile("acme", 100);
    p.models = {"Acme PM-3300"};
    p.points.push_back(point("model", 0, drivers::point_type::text, 1, ""));
    register_book book;
    std::vector<std::uint16_t> const name{0x504D, 0x3333, 0x3030, 0x0000}; // "PM3300"
    book.answered({table::holding_registers, 0, 4}, name);
    auto const fit = judge(p, book);
    CHECK(fit.confidence > 0.9);
    CHECK(fit.reason == "it says of itself \"PM3300\"");
}
