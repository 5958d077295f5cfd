#include "bench.hpp"

#include "tests/support/places.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <regex>
#include <sstream>

namespace fs = std::filesystem;
using namespace kilnwatt::test;

/// What the pages promise: commands in a block of their own run as written, and those inside a sentence exist with the
/// options that they name. Pages are found, not listed.
namespace {

std::vector<fs::path> pages()
{
    std::vector<fs::path> found;
    for (fs::path const folder :
         {KILNWATT_SOURCE_DIR, KILNWATT_SOURCE_DIR "/docs", KILNWATT_SOURCE_DIR "/docs/decisions"})
        for (auto const& entry : fs::directory_iterator{folder})
            if (entry.path().extension() == ".md")
                found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
}

/// Lines that begin with four spaces and `kilnwatt`, or stand so between ``` marks; a \ at the end joins two.
std::vector<std::string> block_commands(std::string const& text)
{
    std::vector<std::string> found;
    std::istringstream in{text};
    auto fenced = false;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("```"))
            fenced = !fenced;
        auto const indent = line.find_first_not_of(' ');
        if (indent == std::string::npos || (indent < 4 && !fenced))
            continue;
        auto command = line.substr(indent);
        if (command.starts_with("$ "))
            command.erase(0, 2);
        for (std::string more; command.ends_with('\\') && std::getline(in, more);)
            command = command.substr(0, command.size() - 1) + more;
        if (command.starts_with("kilnwatt "))
            found.push_back(command);
    }
    return found;
}

/// `kilnwatt meter read|watch -c FILE`: of each command that a code span names its words and options.
struct named_command {
    std::vector<std::string> paths; ///< "meter read", "meter watch"
    std::vector<std::string> options;
};

named_command parse(std::string const& span)
{
    named_command c{{""}, {}};
    std::istringstream in{span};
    std::string word;
    in >> word; // kilnwatt
    auto is_path = true;
    while (in >> word) {
        std::smatch option;
        if (std::regex_match(word, option, std::regex{"(--?[a-z][a-z-]*).*"}))
            c.options.push_back(option[1]);
        is_path = is_path && std::regex_match(word, std::regex{R"([a-z-]+(\\?\|[a-z-]+)*)"}) && !word.starts_with('-');
        if (!is_path)
            continue;
        std::vector<std::string> longer;
        std::istringstream alternatives{std::regex_replace(word, std::regex{R"(\\)"}, "")};
        for (std::string one; std::getline(alternatives, one, '|');)
            for (auto const& p : c.paths)
                longer.push_back(p.empty() ? one : p + " " + one);
        c.paths = std::move(longer);
    }
    return c;
}

/// Subcommands by their whole path, with their help.
class command_book {
public:
    explicit command_book(bench const& b) : bench_{b} {}

    /// Of the longest part of the path that is a command; "" when not even the first word is.
    std::string help_of(std::string path)
    {
        while (!path.empty()) {
            auto const known = help_.find(path);
            if (known != help_.end())
                return known->second;
            auto const t = bench_.run("kilnwatt " + path + " --help");
            if (t.code == 0 && t.out.find("kilnwatt " + path) != std::string::npos)
                return help_[path] = t.out;
            auto const space = path.rfind(' ');
            path = space == std::string::npos ? "" : path.substr(0, space);
        }
        return {};
    }

private:
    bench const& bench_;
    std::map<std::string, std::string> help_;
};

bool has_option(std::string const& help, std::string const& option)
{
    return std::regex_search(help, std::regex{"[\\s,]" + option + "[\\s,]"});
}

void check_named(command_book& book, std::string const& span)
{
    INFO(span);
    auto const c = parse(span);
    for (auto const& path : c.paths) {
        INFO(path);
        auto const help = book.help_of(path);
        CHECK_FALSE(help.empty());
        for (auto const& option : c.options) {
            INFO(help);
            CHECK(has_option(help, option));
        }
    }
}

std::vector<std::string> names_in(std::string const& help, char const* pattern)
{
    std::vector<std::string> all;
    std::regex const wanted{pattern};
    for (std::sregex_iterator m{help.begin(), help.end(), wanted}, end; m != end; ++m)
        all.push_back((*m)[1]);
    return all;
}

/// Checks the command at `path` and those below it; how many options they have.
std::size_t check_written_down(bench const& b, std::string const& path, std::string const& bash)
{
    auto const help = b.run("kilnwatt " + path + " --help").out;
    auto const file = "man/" + std::regex_replace("kilnwatt " + path, std::regex{" (?=.)"}, "-");
    auto page = read_text_file(b.folder().file(std::regex_replace(file, std::regex{" "}, "") + ".1"));
    page = std::regex_replace(page, std::regex{R"(\\-)"}, "-");
    std::size_t seen = 0;
    for (auto const& option : names_in(help, "\n  (?:-[a-z],)?(--[a-z-]+)")) {
        INFO(path << ' ' << option);
        CHECK(page.find(option) != std::string::npos);
        CHECK(has_option(bash, option));
        ++seen;
    }
    auto const list = help.find("\nSubcommands:\n");
    auto const end = list == std::string::npos ? list : help.find("\n\n", list);
    auto const commands = list == std::string::npos ? std::string{} : help.substr(list, end - list) + ' ';
    for (auto const& below : names_in(commands, "\n  ([a-z][a-z-]*)\\s")) {
        INFO(path << ' ' << below);
        CHECK(bash.find(below) != std::string::npos);
        seen += check_written_down(b, path.empty() ? below : path + " " + below, bash);
    }
    return seen;
}

/// Minutes of 2026-05-03, the day of the examples of docs/reports.md, in the journal of the site; and some of the next
/// year, so that the day, its month and its year are over.
void store_what_is_reported(bench const& b)
{
    struct {
        std::string start, what;
    } const runs[] = {{"1777773600000", "--stream kpi/PT1M --point grid.e_imp"}, {"1798880400000", "--stream kpi/P1Y"}};
    for (auto const& r : runs) {
        auto const now =
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
                .count();
        process agent{{KILNWATT_PROGRAM, "run", "-c", b.site(), "--clock", fmt::format("{}@{}*60", r.start, now)},
                      b.folder().file("agent.log")};
        auto const is_stored = [&] {
            auto const t = b.run("kilnwatt journal export kilnwatt-demo.db " + r.what);
            return std::count(t.out.begin(), t.out.end(), '\n') > 5; // with the names of the columns
        };
        CHECK(eventually(is_stored, std::chrono::seconds{60}));
        agent.signal(SIGTERM);
        REQUIRE(agent.wait(std::chrono::seconds{20}) == 0);
    }
}

} // namespace

TEST_CASE("docs: every command in a block of a page runs as written", "[docs][live]")
{
    bench const b;
    fs::copy(KILNWATT_SOURCE_DIR "/config/examples/savings", b.folder().file("savings"));
    store_what_is_reported(b);
    std::size_t run = 0;
    for (auto const& page : pages()) {
        auto const is_savings = page.filename() == "savings.md"; // "in a copy of config/examples/savings"
        for (auto const& command : block_commands(read_text_file(page.string()))) {
            INFO(page << ": " << command);
            auto here = b.here(command + " ");
            if (auto const at = here.find("/etc/kilnwatt/"); at != std::string::npos)
                here.erase(at, 14);
            auto const t = b.run(is_savings ? "cd savings && " + here : here);
            INFO(t.out << t.err);
            CHECK(t.code == 0);
            auto const into_a_file = command.find('>') != std::string::npos;
            CHECK((into_a_file || !t.out.empty() || !t.err.empty()));
            ++run;
        }
    }
    CHECK(run >= 20);
}

TEST_CASE("docs: every command that a page or an example of the help names exists with its options", "[docs][live]")
{
    bench const b;
    command_book book{b};
    std::regex const span{"`(kilnwatt [^`]+)`"};
    std::size_t named = 0;
    for (auto const& page : pages()) {
        INFO(page);
        auto const text = std::regex_replace(read_text_file(page.string()), std::regex{"\\s+"}, " ");
        for (std::sregex_iterator at{text.begin(), text.end(), span}, end; at != end; ++at, ++named)
            check_named(book, (*at)[1]);
    }
    CHECK(named >= 30);

    auto const man = b.run("kilnwatt help man man");
    INFO(man.err);
    REQUIRE(man.code == 0);
    std::size_t examples = 0;
    for (auto const& entry : fs::directory_iterator{b.folder().file("man")}) {
        std::istringstream in{read_text_file(entry.path().string())};
        for (std::string line; std::getline(in, line);) {
            auto const plain = std::regex_replace(line, std::regex{R"(\\(-|&))"}, "$1");
            auto const at = plain.find("kilnwatt ");
            if (at != std::string::npos && plain.find_first_not_of(' ') == at && !plain.starts_with("kilnwatt")) {
                check_named(book, plain.substr(at));
                ++examples;
            }
        }
    }
    CHECK(examples >= 15);
}

TEST_CASE("docs: manual pages and completion have every command and option that the help shows", "[docs][live]")
{
    bench const b;
    REQUIRE(b.run("kilnwatt help man man").code == 0);
    auto const bash = std::regex_replace(b.run("kilnwatt help completion bash").out, std::regex{"['\"]"}, " ");
    CHECK(check_written_down(b, "", bash) > 150);
}
