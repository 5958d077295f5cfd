#include "agent/settings/name_rules.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt::settings;

TEST_CASE("name_rules: a name begins with a small letter and holds small letters, digits and '-'",
          "[settings][name_rules]")
{
    for (auto const* good : {"a", "kiln-meter", "pv-roof-1", "x-"})
        CHECK(name_fault(good).empty());
    for (auto const* bad : {"", "Kiln", "1st", "-a", "a_b", "a b", "a/b", "kil\xc3\xb6n", "a+"})
        CHECK_FALSE(name_fault(bad).empty());
    CHECK(name_fault(std::string(64, 'a')).empty());
    CHECK_FALSE(name_fault(std::string(65, 'a')).empty());
}

TEST_CASE("name_rules: a text becomes the nearest name", "[settings][name_rules]")
{
    CHECK(name_like("Ball Mill_2") == "ball-mill-2");
    CHECK(name_like("2nd press") == "nd-press");
    CHECK(name_like("Liling ceramics, plant 2") == "liling-ceramics-plant-2");
    CHECK(name_like("\xe9\x86\xb4\xe9\x99\xb5").empty());
    CHECK(name_fault(name_like("  --Ofen (links)  ")).empty());
    CHECK(name_like(std::string(200, 'A')) == std::string(64, 'a'));
}

TEST_CASE("name_rules: a topic root has levels and no wildcards", "[settings][name_rules]")
{
    for (auto const* good : {"energy", "energy/plant-2/demo", "a_b/c/d/e"})
        CHECK(topic_root_fault(good).empty());
    for (auto const* bad : {"", "/a", "a/", "a//b", "a/+/b", "#", "A/b", "a b", "$SYS", "a/b\n"})
        CHECK_FALSE(topic_root_fault(bad).empty());
    CHECK_FALSE(topic_root_fault(std::string(201, 'a')).empty());
}
