#include "core/quality.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;

TEST_CASE("quality: every code has a text that reads back, and its severity agrees with it", "[core][quality]")
{
    int known = 0;
    for (int code = 0; code < 256; ++code) {
        auto const q = static_cast<quality>(code);
        if (!is_known(q))
            continue;
        ++known;
        auto const text = to_string(q);
        CHECK(quality_from_string(text) == q);
        std::string_view const severity = severity_of(q) == severity::good  ? "good"
                                          : severity_of(q) == severity::bad ? "bad"
                                                                            : "uncertain";
        CHECK(text.substr(0, severity.size()) == severity);
        CHECK(opcua_code(q) >> 30 == static_cast<unsigned>(severity_of(q)));
    }
    CHECK(known == 36);
    CHECK_FALSE(quality_from_string("bad:unheard_of"));
}

TEST_CASE("quality: the worst of two is the one that takes more trust away", "[core][quality]")
{
    CHECK(worst(quality::good, quality::stuck) == quality::stuck);
    CHECK(worst(quality::timeout, quality::stuck) == quality::timeout);
    CHECK(worst(quality::held, quality::stuck) == quality::held);
}
