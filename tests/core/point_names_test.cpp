#include "core/point_names.hpp"
#include "core/units.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;

TEST_CASE("point names: families and phases belong to the vocabulary, inventions do not", "[core][point_names]")
{
    CHECK(point_meaning_of("mppt12_voltage")->unit == "V");
    CHECK(point_meaning_of("active_power_l3")->unit == "W");
    CHECK(point_meaning_of("active_energy_import")->kind == point_kind::counter);
    for (auto wrong : {"mppt0_voltage", "mppt25_voltage", "mppt_voltage", "frequency_l1", "activepower", ""})
        CHECK_FALSE(point_meaning_of(wrong));
    CHECK(similar_point_names("activ_power").front() == "active_power");
}

TEST_CASE("point names: a vendor name is lower case after its prefix", "[core][point_names]")
{
    CHECK(is_vendor_name("vendor.status_word"));
    for (auto wrong : {"vendor.", "vendor.Status", "vendors.x", "vendor.a.b"})
        CHECK_FALSE(is_vendor_name(wrong));
}

TEST_CASE("units: energies of every manual become Wh", "[core][units]")
{
    CHECK(canonical_unit("GJ")->factor == Approx(277777.7778).epsilon(1e-9));
    CHECK(canonical_unit("Gcal")->factor == Approx(1163000.0).epsilon(1e-9));
    CHECK(canonical_unit("kWh")->canonical == "Wh");
    CHECK_FALSE(canonical_unit("furlong"));
}
