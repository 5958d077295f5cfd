#include "config/nesting.hpp"
#include "config/table.hpp"
#include "tests/config/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

using namespace kilnwatt::config;
using kilnwatt::test::temporary_folder;

namespace {

using strings = std::vector<std::string>;

/// Without the folder, so that places read like "site.toml:3:1".
strings lines(document const& doc, std::string const& folder)
{
    strings all;
    for (auto const& d : *doc.found) {
        auto line = to_string(d);
        for (auto at = line.find(folder + "/"); at != std::string::npos; at = line.find(folder + "/"))
            line.erase(at, folder.size() + 1);
        all.push_back(std::move(line));
    }
    return all;
}

std::string first_line(std::string const& text)
{
    auto const doc = read_text(text, "f.toml");
    return doc.found->empty() ? std::string{} : to_string(doc.found->front());
}

std::string repeated(std::string const& piece, int times)
{
    std::string all;
    for (int i = 0; i < times; ++i)
        all += piece;
    return all;
}

} // namespace

TEST_CASE("read: a byte order mark and CRLF change neither values nor places", "[config][read]")
{
    auto doc = read_text("\xef\xbb\xbf"
                         "a = \"x\"\r\n[t]\r\nb = 1\r\nc = \"y\"\r\n",
                         "f.toml");
    CHECK(doc.root.text("a") == "x");
    auto t = doc.root.child("t");
    REQUIRE(t.has_value());
    CHECK(t->text("c") == "y");
    CHECK(doc.found->empty());
    CHECK(doc.root.where("a") == place{"f.toml", 1, 5});
    CHECK(t->where("b") == place{"f.toml", 3, 5});
}

TEST_CASE("read: a syntax error is one defect with its place, and the root is empty", "[config][read]")
{
    auto const doc = read_text("a = 1\nb = plant\n", "f.toml");
    CHECK(doc.root.keys().empty());
    CHECK_FALSE(doc.complete);
    REQUIRE(doc.found->size() == 1);
    CHECK(doc.found->front().at == place{"f.toml", 2, 5});
    CHECK(doc.found->front().message == "the value is not understood");
}

TEST_CASE("read: depth is bounded before anything recurses", "[config][read]")
{
    auto const too_deep = "is nested deeper than 32 levels";
    CHECK(first_line("a = " + repeated("[", 40) + repeated("]", 40)).find(too_deep) != std::string::npos);
    CHECK(first_line("a = " + repeated("{a = ", 40) + "1" + repeated("}", 40)).find(too_deep) != std::string::npos);
    CHECK(first_line("a" + repeated(".a", 1'000'000) + " = 1").find(too_deep) != std::string::npos);
    CHECK(first_line("[a" + repeated(".a", 1'000'000) + "]").find(too_deep) != std::string::npos);
    CHECK(first_line("a = " + repeated("[", 2'000'000)).find(too_deep) != std::string::npos);
    CHECK(first_line(repeated("a.", 20) + "b = {" + repeated("c.", 20) + "d = 1}").find(too_deep) != std::string::npos);
    CHECK(first_line("a = " + repeated("[", 31) + repeated("]", 31)).empty());
    CHECK(first_line("a" + repeated(".a", 31) + " = 1").empty());
}

TEST_CASE("read: brackets and dots in strings and comments are not depth", "[config][read]")
{
    auto const many = repeated("[", 100) + repeated("a.", 100);
    for (auto const* quote : {"\"", "'", "\"\"\"", "'''"}) {
        auto const doc = read_text(fmt::format("a = {0}{1}{0}\n# {1}\nb = 1\n", quote, many), "f.toml");
        INFO(quote);
        CHECK(doc.found->empty());
    }
    CHECK(first_line("a = \"\\\"" + many + "\"\n").empty());
    CHECK(first_line("a = \"\"\"\"x\"\"\"\"\"\nb = \"" + many + "\"\n").empty());
    CHECK(first_line("\"" + many + "\" = 1\n").empty());
}

TEST_CASE("read: a table header without a name is a defect, where the library asserts", "[config][read]")
{
    for (auto const* text : {"[*a]", "[[[a]]]", "[", "[[", "[\n", "[ =", "[\r\n]", "[[\t*", "x = 1\n  [.a]",
                             "a = [\r\n}", "a = [}", "a = [1, #\n}]", "[]", "[[]]", "[ [a]]"}) {
        INFO(text);
        CHECK_FALSE(first_line(text).empty());
    }
    for (auto const* text : {"[a]", "[[a]]", "[ a ]", "[ \"*\" ]", "['']", "[-]", "[1]", "a = [\n[1]\n,\n[\n]]"}) {
        INFO(text);
        CHECK(first_line(text).empty());
    }
}

TEST_CASE("read: letters outside ASCII belong in quotes, whatever they are", "[config][read]")
{
    for (auto const* sign :
         {"\u00b5", "\u00b0", "\u00e9", "\u00a0", "\u1680", "\u2003", "\u3042", "\u540d", "\ufe00", "\uff11"}) {
        INFO(sign);
        CHECK_FALSE(first_line(fmt::format("a = 25 {}C\n", sign)).empty());
        CHECK_FALSE(first_line(fmt::format("{} = 1\n", sign)).empty());
        CHECK_FALSE(first_line(fmt::format("a{}b = 1\n", sign)).empty());
        CHECK_FALSE(first_line(fmt::format("a = \"\"\"x\\{}\"\"\"\n", sign)).empty());
        CHECK(first_line(fmt::format("\"{0}\" = \"{0}\" # {0}\n", sign)).empty());
    }
    auto doc = read_text("a = \"\"\"x\\\n  \u00b5 \u540d\"\"\"\n", "f.toml");
    CHECK(doc.root.text("a") == "x\u00b5 \u540d");
}

TEST_CASE("read: the number of values and the size of a file are bounded", "[config][read]")
{
    // every bracket counts
    CHECK(first_line(repeated("[[a]]\n", 210'000)) == "f.toml:100001:1: holds more than 200000 values");
    CHECK(first_line(std::string((4u << 20) + 1, ' ')) == "f.toml: is larger than 4 MiB");
    CHECK(first_line(std::string(4u << 20, ' ')).empty());
}

TEST_CASE("read: what is no readable file is a defect", "[config][read]")
{
    temporary_folder const folder;
    CHECK(lines(read_file(folder.path("none.toml")), folder.path()) ==
          strings{"none.toml: cannot be read: No such file or directory"});
    CHECK(to_string(read_file("/dev/zero").found->at(0)) == "/dev/zero: is not a file");
    CHECK(to_string(read_file(folder.path()).found->at(0)) == folder.path() + ": is not a file");
    CHECK_FALSE(read_files(folder.path("none.toml")).complete);
}

TEST_CASE("include: globs are sorted, tables merge and arrays of tables append", "[config][include]")
{
    temporary_folder const folder;
    auto const path =
        folder.write("site.toml", "include = [\"parts/*.toml\", \"last.toml\"]\n[s]\na = 1\n[[d]]\nn = \"0\"\n");
    folder.write("parts/b.toml", "[[d]]\nn = \"2\"\n[s.inner]\nc = 3\n");
    folder.write("parts/a.toml", "[[d]]\nn = \"1\"\n[s]\nb = 2\n");
    folder.write("parts/ignored.txt", "not = [toml\n");
    folder.write("last.toml",
                 "include = [\"parts/more/x.toml\", \"parts/a.toml\"]\n[[d]]\nn = \"3\"\n[s.inner]\nd = 4\n");
    folder.write("parts/more/x.toml", "[[d]]\nn = \"4\"\n");

    auto doc = read_files(path);
    CHECK(lines(doc, folder.path()) == strings{});
    std::string order;
    for (auto& d : doc.root.children("d"))
        order += d.text("n").value_or("?");
    CHECK(order == "01234");
    auto s = doc.root.child("s");
    REQUIRE(s.has_value());
    CHECK(s->integer("a") == 1);
    CHECK(s->integer("b") == 2);
    CHECK(s->where("b").file == folder.path("parts/a.toml"));
    CHECK(s->child("inner")->integer("c") == 3);
    CHECK(s->child("inner")->integer("d") == 4);
    doc.root.refuse_unknown();
    CHECK(lines(doc, folder.path()) == strings{});
}

TEST_CASE("include: a key of two files is a defect with both places and keeps its first value", "[config][include]")
{
    temporary_folder const folder;
    auto const path =
        folder.write("site.toml", "include = [\"b.toml\"]\nx = 1\nkeep = {a = 1}\nlist = [1]\n[s]\nname = \"A\"\n");
    folder.write("b.toml", "x = 2\nlist = [2]\nkeep = {b = 1}\n[s]\nname = \"B\"\n");
    auto doc = read_files(path);
    CHECK(doc.root.integer("x") == 1);
    CHECK(doc.complete);
    CHECK(lines(doc, folder.path()) ==
          strings{"b.toml:1:1: x: is given already at site.toml:2:1: keep one of the two",
                  "b.toml:2:1: list: is given already at site.toml:4:1: keep one of the two",
                  "b.toml:3:1: keep: is given already at site.toml:3:1: keep one of the two",
                  "b.toml:5:1: s.name: is given already at site.toml:6:1: keep one of the two"});
}

TEST_CASE("include: circles, missing files and wrong lists are defects", "[config][include]")
{
    temporary_folder const folder;
    auto const path = folder.write("site.toml", "include = [\"a.toml\", \"none.toml\", 3, \"empty/*.toml\"]\n");
    folder.write("a.toml", "include = [\"./site.toml\"]\n");
    auto const doc = read_files(path);
    CHECK_FALSE(doc.complete);
    CHECK(lines(doc, folder.path()) ==
          strings{"site.toml:1:35: include[3]: is 3, but must be the path of a file",
                  "a.toml:1:12: include: leads in a circle: site.toml -> a.toml -> ./site.toml",
                  "site.toml:1:22: include: there is no file 'none.toml': the path is relative to this file"});
}

TEST_CASE("include: at most so many files make one configuration", "[config][include]")
{
    temporary_folder const folder;
    auto const path = folder.write("site.toml", "include = [\"p/*.toml\"]\n");
    for (int i = 0; i < files_max - 1; ++i)
        folder.write(fmt::format("p/{:03}.toml", i), fmt::format("k{} = 1\n", i));
    CHECK(read_files(path).found->empty());
    folder.write("p/zzz.toml", "");
    CHECK(
        lines(read_files(path), folder.path()) ==
        strings{"site.toml:1:12: include: 'p/zzz.toml' is one file too many: at most 64 files make one configuration"});
}

TEST_CASE("include: the number of values counts over all files", "[config][include]")
{
    temporary_folder const folder;
    auto const path = folder.write("site.toml", "include = [\"p/*.toml\"]\n");
    for (int i = 0; i < 3; ++i)
        folder.write(fmt::format("p/{}.toml", i), repeated("[[a]]\n", 90'000));
    auto const doc = read_files(path);
    CHECK(lines(doc, folder.path()) ==
          strings{"site.toml:1:12: include: with 'p/2.toml' the files hold more than 200000 values"});
}
