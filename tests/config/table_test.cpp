#include "config/table.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

using namespace kilnwatt::config;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> lines(document const& doc)
{
    std::vector<std::string> all;
    for (auto const& d : *doc.found)
        all.push_back(to_string(d));
    return all;
}

using strings = std::vector<std::string>;

} // namespace

TEST_CASE("table: every type is read as written", "[config][table]")
{
    auto doc = read_text(R"(
text = "abc"
flag = true
whole = -42
hex = 0xFFFF
fraction = 2.5
period = "250 ms"
size = "8 GiB"
rated = "1.5 MWp"
word = "even"
words = ["a", "b"]
one = 7
many = [1, 0x7FFFFFFFFFFFFFFF, "0xFFFFFFFFFFFFFFFF"]
inner = {a = 1}
[[item]]
n = 1
[[item]]
n = 2
)",
                         "f.toml");
    auto& t = doc.root;
    CHECK(t.text("text") == "abc");
    CHECK(t.hidden_text("text") == "abc");
    CHECK(t.boolean("flag") == true);
    CHECK(t.text_or_switch("flag", "usual") == "usual");
    CHECK(t.text_or_switch("text", "usual") == "abc");
    CHECK(t.integer("whole") == -42);
    CHECK(t.integer("hex", 0, 65535) == 65535);
    CHECK(t.number("fraction") == 2.5);
    CHECK(t.number("whole") == -42.0);
    CHECK(t.duration("period", 1ms, 1s) == 250ms);
    CHECK(t.size("size", 1, 1ull << 40) == 8ull << 30);
    CHECK(t.quantity("rated", {{"kWp", 1.0}, {"MWp", 1000.0}}, 0, 1e6) == 1500.0);
    CHECK(t.choice("word", {"none", "even", "odd"}) == "even");
    CHECK(t.texts("words") == strings{"a", "b"});
    CHECK(t.integers("one") == std::vector<std::int64_t>{7});
    CHECK(t.integers("many") == std::vector<std::int64_t>{1, INT64_MAX, -1});
    auto inner = t.child("inner");
    REQUIRE(inner.has_value());
    CHECK(inner->integer("a") == 1);
    auto items = t.children("item");
    REQUIRE(items.size() == 2);
    CHECK(items[1].integer("n") == 2);
    CHECK(items[1].path("n") == "item[2].n");
    CHECK(inner->path() == "inner");
    t.refuse_unknown();
    CHECK(lines(doc) == strings{});
    CHECK(doc.complete);
}

TEST_CASE("table: an absent key is nothing and no defect", "[config][table]")
{
    auto doc = read_text("a = 1\n", "f.toml");
    auto& t = doc.root;
    CHECK_FALSE(t.has("b"));
    CHECK_FALSE(t.text("b").has_value());
    CHECK_FALSE(t.integer("b").has_value());
    CHECK_FALSE(t.child("b").has_value());
    CHECK(t.children("b").empty());
    CHECK(doc.found->empty());
    CHECK_FALSE(t.require("b", "write b = 2"));
    CHECK(lines(doc) == strings{"f.toml: b: is missing: write b = 2"});
}

TEST_CASE("table: a wrong value is named with its place and what is expected", "[config][table]")
{
    struct row {
        std::string value;
        void (*read)(table&);
        std::string message;
    };
    std::vector<row> const rows{
        {"12", [](table& t) { t.text("k"); }, "is 12, but must be a text in double quotes"},
        {"12", [](table& t) { t.hidden_text("k"); }, "must be a text in double quotes"},
        {"\"yes\"", [](table& t) { t.boolean("k"); }, "is 'yes', but must be true or false"},
        {"1", [](table& t) { t.text_or_switch("k", "x"); }, "is 1, but must be true, false or a text in double quotes"},
        {"\"abc\"", [](table& t) { t.integer("k", 1, 247); }, "is 'abc', but must be a whole number from 1 to 247"},
        {"0", [](table& t) { t.integer("k", 1, 247); }, "is 0, but must be a whole number from 1 to 247"},
        {"1.5", [](table& t) { t.integer("k"); }, "is 1.5, but must be a whole number"},
        {"-1", [](table& t) { t.integer("k", 0); }, "is -1, but must be a whole number of at least 0"},
        {"inf", [](table& t) { t.number("k"); }, "is inf, but must be a number"},
        {"nan", [](table& t) { t.number("k", 0, 1); }, "is nan, but must be a number from 0 to 1"},
        {"2", [](table& t) { t.number("k", 0, 1); }, "is 2, but must be a number from 0 to 1"},
        {"\"5\"", [](table& t) { t.duration("k", 10ms, 24h); },
         "is '5', but must be a time from 10 ms to 1 d with its unit ms, s, min, h or d"},
        {"8", [](table& t) { t.size("k", 1 << 20, 1ull << 40); },
         "is 8, but must be a size from 1 MiB to 1 TiB with its unit, for example \"8 GiB\" or \"500 MB\""},
        {"\"300\"",
         [](table& t) {
             t.quantity("k", {{"kWp", 1}, {"Wp", 1e-3}}, 0.1, 1e6);
         },
         "is '300', but must be a number from 0.1 to 1000000 kWp with its unit 'kWp' or 'Wp'"},
        {"\"3 kw\"",
         [](table& t) {
             t.quantity("k", {{"kW", 1}, {"W", 1e-3}}, 0.1, 1e6);
         },
         "is '3 kw', but must be a number from 0.1 to 1000000 kW with its unit 'kW' or 'W': did you mean 'kW'?"},
        {"\"evn\"",
         [](table& t) {
             t.choice("k", {"none", "even", "odd"});
         },
         "is 'evn', but must be 'none', 'even' or 'odd': did you mean 'even'?"},
        {"\"a\"", [](table& t) { t.texts("k"); }, "is 'a', but must be a list of texts: write k = [\"...\"]"},
        {"3", [](table& t) { t.child("k"); }, "is 3, but must be a table: write k = {...}"},
        {"{a = 1}", [](table& t) { t.children("k"); },
         "is a table, but must be a list of tables: write k = [{...}, {...}]"},
        {"5",
         [](table& t) {
             t.choice("k", {"5", "3.1.1"});
         },
         "is 5, but must be '5' or '3.1.1': a text stands in double quotes"},
        {"2026-01-01", [](table& t) { t.text("k"); }, "is a date or time, but must be a text in double quotes"},
    };
    for (auto const& r : rows) {
        auto doc = read_text("\nk   = " + r.value + "\n", "f.toml");
        r.read(doc.root);
        CHECK(lines(doc) == strings{"f.toml:2:7: k: " + r.message});
    }
}

TEST_CASE("table: one pass reports the mistakes of all keys and items", "[config][table]")
{
    auto doc = read_text("[[d]]\nunit = \"a\"\nname = 3\n[[d]]\nlist = [\"x\", 5]\n", "f.toml");
    for (auto& t : doc.root.children("d")) {
        t.integer("unit");
        t.text("name");
        t.texts("list");
    }
    CHECK(lines(doc) == strings{"f.toml:2:8: d[1].unit: is 'a', but must be a whole number",
                                "f.toml:3:8: d[1].name: is 3, but must be a text in double quotes",
                                "f.toml:5:14: d[2].list[2]: is 5, but must be a text in double quotes"});
}

TEST_CASE("table: unknown keys are refused at the key, with the nearest known one", "[config][table]")
{
    auto doc = read_text("[s]\nprofle = \"x\"\n\n  zzzzzzzz = 1\nprofile = \"y\"\n", "f.toml");
    auto s = doc.root.child("s");
    REQUIRE(s.has_value());
    s->text("profile");
    s->has("role");
    s->refuse_unknown();
    CHECK(lines(doc) == strings{"f.toml:2:1: s.profle: is not a known key: did you mean 'profile'?",
                                "f.toml:4:3: s.zzzzzzzz: is not a known key: known here: profile, role"});
}

TEST_CASE("table: keys come in the order of the file", "[config][table]")
{
    auto const doc = read_text("z = 1\na = 2\nm.x = 3\n[b]\n", "f.toml");
    CHECK(doc.root.keys() == strings{"z", "a", "m", "b"});
}

TEST_CASE("table: a handle keeps the document alive", "[config][table]")
{
    std::optional<table> inner;
    {
        auto doc = read_text("[a]\nb = {c = \"here\"}\n", "f.toml");
        inner = doc.root.child("a")->child("b");
    }
    REQUIRE(inner.has_value());
    CHECK(inner->text("c") == "here");
    CHECK(inner->path("c") == "a.b.c");
}

TEST_CASE("table: long texts and control characters are not shown in full", "[config][table]")
{
    auto doc = read_text("k = \"" + std::string(100, 'x') + "\"\nc = \"a\\u0007b\"\nu = \"" + std::string(39, 'y') +
                             "\u00e9z\"\n",
                         "f.toml");
    doc.root.boolean("k");
    doc.root.boolean("c");
    doc.root.boolean("u");
    auto const found = lines(doc);
    REQUIRE(found.size() == 3);
    CHECK(found[0] == "f.toml:1:5: k: is '" + std::string(40, 'x') + "...', but must be true or false");
    CHECK(found[1] == "f.toml:2:5: c: is 'a?b', but must be true or false");
    CHECK(found[2] == "f.toml:3:5: u: is '" + std::string(39, 'y') + "...', but must be true or false");
}

TEST_CASE("table: after a thousand mistakes one line says that there are more", "[config][table]")
{
    std::string text;
    for (int i = 0; i < 5000; ++i)
        text += fmt::format("k{} = 1\n", i);
    auto doc = read_text(text, "f.toml");
    doc.root.refuse_unknown();
    REQUIRE(doc.found->size() == defects_max + 1);
    CHECK(to_string(doc.found->back()) ==
          "f.toml: has more than 1000 mistakes: the rest is not listed, mend these first");
}

TEST_CASE("defect: mistakes are sorted by file, line and column", "[config][defect]")
{
    defects found{{{"b", 1, 1}, "", "5", ""},
                  {{"a", 2, 3}, "", "4", ""},
                  {{"a", 2, 1}, "", "2", ""},
                  {{"a", 2, 1}, "", "3", ""},
                  {{"a", 0, 0}, "", "1", ""}};
    sort_by_place(found);
    std::string order;
    for (auto const& d : found)
        order += d.message;
    CHECK(order == "12345");
}
