#include "agent/journal/inbox.hpp"
#include "agent/journal/journal.hpp"
#include "agent/journal/journal_reader.hpp"
#include "agent/journal/row_json.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace kilnwatt;

namespace {

row entry(std::string const& text, double value)
{
    auto l = std::make_shared<layout>();
    l->device = "site";
    l->kind = stream::entry;
    l->source = "test";
    column number, word;
    number.name = "electricity";
    number.unit = "kWh";
    number.kind = value_kind::f64;
    number.scale = 0.1;
    number.states = {{-3, "nothing"}};
    word.name = "source";
    word.kind = value_kind::text;
    l->columns = {number, word};
    row r;
    r.layout = l;
    r.cells = {cell_of(value, quality::manual_value), cell_of(std::uint64_t{0})};
    r.texts = {text};
    return r;
}

std::vector<std::string> stored_texts(std::string const& path)
{
    std::string why;
    auto reader = journal::journal_reader::open(path, why);
    REQUIRE(reader.has_value());
    std::vector<std::string> texts;
    journal::record_filter wanted;
    wanted.streams = {stream::entry};
    auto const damaged = reader->for_each_record(wanted, [&](record const& r) {
        texts.push_back(r.data.texts.front());
        return true;
    });
    REQUIRE(damaged.has_value());
    return texts;
}

std::size_t waiting_rows(std::string const& path)
{
    std::string why;
    auto reader = journal::journal_reader::open(path, why);
    REQUIRE(reader.has_value());
    auto const rows = reader->inbox();
    REQUIRE(rows.has_value());
    return rows->size();
}

} // namespace

TEST_CASE("row_json: a row comes back as it was, with every digit", "[journal][inbox]")
{
    for (auto const v : {0.1 + 0.2, 1e300, -0.0, std::numeric_limits<double>::denorm_min()}) {
        auto const r = entry("抄表 \"一\"\n", v);
        auto const back = journal::row_from_json(journal::to_json(r));
        REQUIRE(back);
        CHECK(*back->layout == *r.layout);
        CHECK(back->cells == r.cells);
        CHECK(back->texts == r.texts);
    }
    for (auto const* text : {"", "{}", "[1]", R"({"layout":{"device":"a","stream":99,"source":"","columns":[]}})"})
        CHECK_FALSE(journal::row_from_json(text));
}

TEST_CASE("inbox: what is left while no agent runs becomes records when one starts", "[journal][inbox]")
{
    test::scratch_folder folder;
    auto const path = folder.file("journal.db");
    std::string why;
    REQUIRE(journal::deposit(path, {entry("a", 1), entry("b", 2)}, why).has_value());
    CHECK(waiting_rows(path) == 2);
    CHECK(stored_texts(path).empty());

    journal::options o;
    o.path = path;
    auto opened = journal::journal::open(o, plant_clock{}, why);
    REQUIRE(opened.has_value());
    (*opened)->start();
    (*opened)->stop();
    CHECK(waiting_rows(path) == 0);
    CHECK(stored_texts(path) == std::vector<std::string>{"a", "b"});
}

TEST_CASE("inbox: the agent that runs takes it over, each row once", "[journal][inbox]")
{
    test::scratch_folder folder;
    journal::options o;
    o.path = folder.file("journal.db");
    std::string why;
    auto const clock = plant_clock::parse("0@0*1000"); // five seconds of the plant are five milliseconds
    REQUIRE(clock.has_value());
    auto opened = journal::journal::open(o, *clock, why);
    REQUIRE(opened.has_value());
    (*opened)->start();
    std::vector<std::string> expected;
    for (int i = 0; i < 5; ++i) {
        expected.push_back(std::to_string(i));
        REQUIRE(journal::deposit(o.path, {entry(expected.back(), i)}, why).has_value());
    }
    CHECK(test::eventually([&] { return waiting_rows(o.path) == 0; }, std::chrono::seconds{20}));
    (*opened)->stop();
    CHECK(stored_texts(o.path) == expected);
}

TEST_CASE("inbox: a file that is no journal is left as it is", "[journal][inbox]")
{
    test::scratch_folder folder;
    auto const path = folder.write("journal.db", "a text that somebody needs");
    std::string why;
    CHECK(journal::deposit(path, {entry("a", 1)}, why).has_error());
    CHECK_FALSE(why.empty());
    CHECK(test::read_text_file(path) == "a text that somebody needs");
}
