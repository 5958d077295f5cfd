#include "agent/report/html_page.hpp"
#include "agent/report/page_tables.hpp"
#include "agent/report/report_lines.hpp"

#include "agent/energy/aggregate_row.hpp"
#include "agent/report/chart.hpp"
#include "agent/report/figure_words.hpp"
#include "agent/report/xml.hpp"
#include "stored_plant.hpp"
#include "tests/support/places.hpp"

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>

#include <fstream>
#include <map>
#include <regex>
#include <sstream>

using namespace kilnwatt;
using namespace kilnwatt::report;
using namespace kilnwatt::report::test;

namespace {

namespace pt = boost::property_tree;

/// Parses the page as XML; throws when it is not well-formed.
pt::ptree parsed(std::string page)
{
    page.erase(0, page.find("<html"));
    std::istringstream in{page};
    pt::ptree tree;
    pt::read_xml(in, tree);
    return tree;
}

std::size_t count(pt::ptree const& t, std::string const& tag)
{
    std::size_t n = 0;
    for (auto const& [name, child] : t)
        n += (name == tag ? 1 : 0) + count(child, tag);
    return n;
}

bool holds(std::string const& page, std::string_view text)
{
    return page.find(text) != std::string::npos;
}

} // namespace

TEST_CASE("page: well-formed in both languages, with its charts and every figure of the period", "[report][page]")
{
    auto const from = hours(24 * 145 - 2);
    stored_plant s{plant_in_berlin(), from, from + hours(60)};
    auto const r = s.report({.site = "Plant <2> & \"sons\"", .what = span::day});
    REQUIRE(r);
    for (auto const l : {language::english, language::chinese}) {
        auto const page = html_page(*r, s.model().local_time, l, "made by <me>");
        auto const tree = parsed(page);
        CHECK(count(tree, "svg") == 3); // by source, load, by tariff period
        CHECK(count(tree, "script") == 0);
        CHECK_FALSE(holds(page, "http://127"));
        CHECK(holds(page, "Plant &lt;2&gt; &amp; &quot;sons&quot;"));
        CHECK(holds(page, "made by &lt;me&gt;"));
        CHECK_FALSE(holds(page, "<2>"));
        CHECK(holds(page, "notice 1 &amp; 2"));
        for (auto const& f : r->whole.figures)
            CHECK(holds(page, "<code>" + f.name + "</code>"));
        CHECK(tree.get<std::string>("html.<xmlattr>.lang") == code_of(l));
        CHECK(holds(page, l == language::chinese ? "能量平衡" : "Energy balance"));
        CHECK(holds(page, l == language::chinese ? "光伏发电量" : "PV energy"));
    }
}

TEST_CASE("page: coefficients are named in the reader's language", "[report][page]")
{
    site_report r;
    r.coefficients = {{"natural_gas", 1.2143, "kgce/m3", "GB/T 2589-2020"},
                      {"electricity", 0.1229, "kgce/kWh", "GB/T 2589-2020"},
                      {"tariff.sharp", 1.248, "CNY/kWh", "site file"},
                      {"olive_stones", 0.6, "kgce/kg", "laboratory"}};
    auto const page = coefficients_section(r, language::chinese);
    for (auto const* name : {">天然气<", ">电力<", ">电价: 尖峰<", ">olive_stones<", ">站点配置文件<"}) {
        INFO(name);
        CHECK(page.find(name) != std::string::npos);
    }
}

TEST_CASE("page: events of the period stand in it with their local time", "[report][page]")
{
    auto const from = hours(24 * 145 - 2);
    stored_plant s{plant_in_berlin(), from, from + hours(60)};
    energy::counter_incident reset{};
    reset.step = energy::counter_step::reset;
    reset.previous = 900;
    s.store({energy::event_row("mill", "active_energy_import", reset, energy::test::time_at(from + hours(30.5))),
             energy::event_row("mill", "active_energy_import", reset, energy::test::time_at(from + hours(59)))});
    auto const r = s.report({.what = span::day, .date = "2026-10-25"});
    REQUIRE(r);
    REQUIRE(r->events.size() == 1);
    CHECK(r->events.front().subject == "mill");
    auto const all = lines_of(*r);
    REQUIRE(all.back().section == "event");
    CHECK(std::regex_search(all.back().at, std::regex{"^20[0-9-]{8}T[0-9:]{8}Z$"}));
    auto const page = html_page(*r, s.model().local_time, language::english, "");
    CHECK(holds(page, "<td>2026-10-25 05:30</td><td>mill</td>")); // an hour after the second 02:00
    (void)parsed(page);
}

TEST_CASE("page: every figure of the catalogue has words in both languages", "[report][page]")
{
    std::ifstream file{std::string{KILNWATT_SOURCE_DIR} + "/docs/metrics.md"};
    std::string const text{std::istreambuf_iterator<char>{file}, {}};
    std::regex const row{"\n\\| `([a-z0-9_.]+)` \\|"};
    auto seen = 0;
    for (std::sregex_iterator m{text.begin(), text.end(), row}, end; m != end; ++m) {
        INFO((*m)[1].str());
        CHECK_FALSE(meaning_of((*m)[1].str(), language::english).empty());
        CHECK_FALSE(meaning_of((*m)[1].str(), language::chinese).empty());
        ++seen;
    }
    CHECK(seen > 80);
}

TEST_CASE("page: no key has words twice", "[report][page]")
{
    for (auto const all : {figure_words(), page_words()}) {
        std::map<std::string_view, int> seen;
        for (auto const& w : all) {
            INFO(w.id);
            CHECK(++seen[w.id] == 1);
            CHECK_FALSE(w.english.empty());
            CHECK_FALSE(w.chinese.empty());
        }
    }
}

TEST_CASE("page: text that markup or XML cannot carry is escaped", "[report][page]")
{
    CHECK(escaped("a<b>&\"'") == "a&lt;b&gt;&amp;&quot;&#39;");
    CHECK(escaped("醴陵 °C") == "醴陵 °C");
    CHECK(escaped(std::string_view{"a\x01z", 3}) == "a\xEF\xBF\xBDz");
    CHECK(escaped("a\xC3z") == "a\xEF\xBF\xBDz");                             // cut off
    CHECK(escaped("\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"); // a surrogate
    CHECK(escaped("\xC0\xAF") == "\xEF\xBF\xBD\xEF\xBF\xBD");                 // longer than it need be
}

TEST_CASE("page: numbers are grouped and keep three digits at least", "[report][page]")
{
    CHECK(readable(1234567.8) == "1\u202F234\u202F568");
    CHECK(readable(-1234.5) == "-1\u202F234");
    CHECK(readable(999.94) == "999.9");
    CHECK(readable(0.8123) == "0.812");
    CHECK(readable(-12.345) == "-12.35");
    CHECK(readable(0) == "0");
    CHECK(readable(-3) == "-3"); // a count has no decimals
}

TEST_CASE("chart: marks are round numbers around the data", "[report][chart]")
{
    CHECK(axis_marks(0, 97, 5) == std::vector<double>{0, 20, 40, 60, 80, 100});
    CHECK(axis_marks(-30, 100, 5) == std::vector<double>{-50, 0, 50, 100});
    CHECK(axis_marks(0, 0, 5).size() >= 2);
    CHECK(axis_marks(0, 0.004, 5).back() == Approx(0.004));
}

TEST_CASE("chart: a missing part leaves a gap, and values below zero hang from the axis", "[report][chart]")
{
    chart c;
    c.unit = "kW";
    c.as = chart::shape::lines;
    c.parts = {"1", "2", "3", "4"};
    c.all = {{"a", "#000", {1.0, std::nullopt, 2.0, 3.0}}};
    auto const svg = svg_of(c);
    auto const path = svg.substr(svg.find("<path"));
    CHECK(std::count(path.begin(), path.end(), 'M') == 2);
    c.as = chart::shape::stacked;
    c.all = {{"a", "#000", {1.0, 1.0, 1.0, 1.0}}, {"b", "#111", {-1.0, 0.0, -2.0, std::nullopt}}};
    auto const bars = svg_of(c);
    std::size_t n = 0;
    for (auto at = bars.find("<rect"); at != std::string::npos; at = bars.find("<rect", at + 1))
        ++n;
    CHECK(n == 2 + 4 + 2); // legend, a, b
    CHECK_FALSE(c.empty());
    c.all = {{"a", "#000", {std::nullopt}}};
    CHECK(c.empty());
}
