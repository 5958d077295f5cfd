#include "source_tree.hpp"

#include "tests/support/places.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>

namespace {

struct proof {
    std::string value, test, sentence;
};

/// Rows of the table of docs/golden-values.md.
std::vector<proof> listed()
{
    std::ifstream in{KILNWATT_SOURCE_DIR "/docs/golden-values.md", std::ios::binary};
    std::string const page{std::istreambuf_iterator<char>{in}, {}};
    std::regex const line{R"re(\| (G-[A-Z0-9]+-[0-9]+) \| [^|\n]+ \| (tests/[^ |]+) \| ([^|\n]+) \|)re"};
    std::vector<proof> all;
    for (std::sregex_iterator i{page.begin(), page.end(), line}, end; i != end; ++i)
        all.push_back({(*i)[1], (*i)[2], (*i)[3]});
    return all;
}

/// The text of each TEST_CASE from its sentence on, by file and sentence.
std::map<std::pair<std::string, std::string>, std::string> test_cases()
{
    std::map<std::pair<std::string, std::string>, std::string> all;
    std::regex const head{R"re(\nTEST_CASE\("([^"]+)")re"};
    for (auto const& f : tidy::everything()) {
        if (f.path.rfind("tests/", 0) != 0)
            continue;
        std::vector<std::pair<std::size_t, std::string>> at;
        for (std::sregex_iterator i{f.text.begin(), f.text.end(), head}, end; i != end; ++i)
            at.emplace_back(static_cast<std::size_t>(i->position()), (*i)[1]);
        for (std::size_t n = 0; n < at.size(); ++n) {
            auto const until = n + 1 < at.size() ? at[n + 1].first : f.text.size();
            all[{f.path, at[n].second}] = f.text.substr(at[n].first, until - at[n].first);
        }
    }
    return all;
}

} // namespace

TEST_CASE("tidy: every golden value has a test that names it", "[tidy]")
{
    auto const tests = test_cases();
    std::set<std::string> values;
    for (auto const& p : listed()) {
        INFO(p.value << ": " << p.test << ": " << p.sentence);
        values.insert(p.value);
        auto const found = tests.find({p.test, p.sentence});
        REQUIRE(found != tests.end());
        CHECK(std::regex_search(found->second, std::regex{p.value + "\\b"}));
    }
    CHECK(values.size() == 49);
}

TEST_CASE("tidy: every golden value that a test names is listed", "[tidy]")
{
    std::set<std::string> values;
    for (auto const& p : listed())
        values.insert(p.value);
    std::regex const name{R"re(\bG-[A-Z0-9]+-[0-9]+\b)re"};
    for (auto const& [where, text] : test_cases())
        for (std::sregex_iterator i{text.begin(), text.end(), name}, end; i != end; ++i) {
            INFO(where.first << ": " << where.second << " names " << i->str());
            CHECK(values.contains(i->str()));
        }
}
