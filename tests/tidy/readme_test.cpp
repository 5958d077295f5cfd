#include "tests/support/places.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace {

std::string page(std::string const& name)
{
    std::ifstream in{KILNWATT_SOURCE_DIR "/" + name, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// Lines of blocks, without what stands behind a # and the blanks before it.
std::vector<std::string> blocks(std::string const& text)
{
    std::vector<std::string> all;
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("    "))
            all.push_back(std::regex_replace(line, std::regex{" +#.*"}, ""));
    return all;
}

std::vector<std::string> every(std::string const& text, char const* pattern)
{
    std::vector<std::string> all;
    std::regex const wanted{pattern};
    for (std::sregex_iterator m{text.begin(), text.end(), wanted}, end; m != end; ++m)
        all.push_back((*m)[1]);
    return all;
}

} // namespace

TEST_CASE("tidy: README.zh-CN.md has the blocks, commands and files of README.md", "[tidy]")
{
    auto const english = page("README.md");
    auto const chinese = page("README.zh-CN.md");
    REQUIRE(blocks(english).size() > 50);
    CHECK(blocks(chinese) == blocks(english));
    constexpr auto commands = "\n\\| `(kilnwatt [^`]+)` \\|";
    REQUIRE(every(english, commands).size() > 15);
    CHECK(every(chinese, commands) == every(english, commands));
    constexpr auto pages = "\\]\\((docs/[^)]+|config/[^)]+|C[A-Z]+\\.md)\\)";
    REQUIRE(every(english, pages).size() > 10);
    CHECK(every(chinese, pages) == every(english, pages));
}
