#include "agent/settings/certificates.hpp"
#include "tests/support/places.hpp"

#include <catch2/catch.hpp>

#include <ctime>

using namespace kilnwatt;
using namespace kilnwatt::settings;

namespace {

constexpr auto folder = KILNWATT_SOURCE_DIR "/tests/bad_config/tls_key_of_another/";

/// A gmtime of the certificates' life: they end in 2126.
std::chrono::system_clock::time_point year(int y)
{
    std::tm t{};
    t.tm_year = y - 1900;
    t.tm_mday = 1;
    return std::chrono::system_clock::from_time_t(::timegm(&t));
}

std::vector<std::string> check(tls_settings const& files, std::chrono::system_clock::time_point now)
{
    auto doc = config::read_text("ca = \"x\"\ncert = \"x\"\nkey = \"x\"\n", "tls");
    check_certificates(doc.root, files, now);
    std::vector<std::string> all;
    for (auto const& d : *doc.found)
        all.push_back(d.key + " " + d.message);
    return all;
}

std::string in(std::string const& mistake, std::string const& file)
{
    return KILNWATT_SOURCE_DIR "/tests/bad_config/" + mistake + "/" + file;
}

} // namespace

TEST_CASE("certificates: CA, certificate and its key pass", "[settings][certificates]")
{
    tls_settings const files{folder + std::string{"ca.pem"}, folder + std::string{"gateway.pem"},
                             in("tls_certificate_expired", "gateway.key")};
    CHECK(check(files, year(2027)).empty());
    CHECK(check({}, year(2027)).empty());
}

TEST_CASE("certificates: a certificate is expired after its end only", "[settings][certificates]")
{
    tls_settings const old{"", in("tls_certificate_expired", "gateway.pem"), ""};
    CHECK(check(old, year(2020)).empty());
    REQUIRE(check(old, year(2022)).size() == 1);
    CHECK(check(old, year(2022))[0].ends_with("expired on 2021-01-31"));
    tls_settings const young{folder + std::string{"ca.pem"}, "", ""};
    CHECK(check(young, year(2125)).empty());
    CHECK(check(young, year(2140)).size() == 1);
    CHECK(check(young, year(1970)).empty());
}

TEST_CASE("certificates: a key of another certificate does not fit", "[settings][certificates]")
{
    tls_settings const files{"", folder + std::string{"gateway.pem"}, folder + std::string{"other.key"}};
    CHECK(check(files, year(2027)) == std::vector<std::string>{"key does not belong to the certificate"});
}
