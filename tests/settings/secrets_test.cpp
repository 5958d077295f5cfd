#include "tests/config/temporary_folder.hpp"
#include "tests/settings/site_text.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::settings;
using kilnwatt::test::temporary_folder;

TEST_CASE("load_site: secrets come from a file, a variable or a credential", "[settings][secrets]")
{
    temporary_folder const folder;
    folder.write("password", "from file\r\n");
    folder.write("creds/mqtt", "from credential");
    variable const user{"KILNWATT_TEST_USER", "gateway"};
    variable const credentials{"CREDENTIALS_DIRECTORY", folder.path("creds")};
    auto const with = [&](std::string const& password) {
        auto const loaded = load_site(folder.write(
            "site.toml",
            head + meter +
                "[[mqtt]]\nname = \"a\"\nurl = \"mqtt://b\"\nuser = \"env:KILNWATT_TEST_USER\"\npassword = \"" +
                password + "\"\n"));
        REQUIRE(lines(loaded) == strings{});
        CHECK(loaded.value.mqtt.at(0).user == "gateway");
        return loaded.value.mqtt.at(0).password.reveal();
    };
    CHECK(with("file:password") == "from file");
    CHECK(with("file:" + folder.path("password")) == "from file");
    CHECK(with("credential:mqtt") == "from credential");
    CHECK(with("env:KILNWATT_TEST_USER") == "gateway");
    CHECK(with("in the open") == "in the open");
}

TEST_CASE("load_site: no message shows a secret", "[settings][secrets]")
{
    temporary_folder const folder;
    folder.write("long", std::string(5000, 'S'));
    folder.write("zero", std::string{"SS\0SS", 5});
    for (auto const* line :
         {"password = \"file:long\"", "password = \"file:zero\"", "password = [\"SSS\"]",
          "user = \"SSS\"\npassword = {a = \"SSS\"}", "passwort = \"SSS\"", "password = \"SSS\"", "password = \"SSS"}) {
        auto const loaded = load_site(
            folder.write("site.toml", head + meter + "[[mqtt]]\nname = \"a\"\nurl = \"mqtt://b\"\n" + line + "\n"));
        INFO(line);
        REQUIRE_FALSE(loaded.found->empty());
        for (auto const& text : lines(loaded))
            CHECK(text.find("SS") == std::string::npos);
    }
}
