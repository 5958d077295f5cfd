#include "agent/cli/command_tree.hpp"

#include <CLI/CLI.hpp>
#include <catch2/catch.hpp>

#include <array>
#include <cstdio>
#include <memory>

using namespace kilnwatt::cli;

namespace {

std::vector<command_entry> small_tree()
{
    command_entry program{
        {}, "The program", "", {{{"-h", "--help"}, "", "Print help", false}}, {"run", "meter"}, {"Run it", "Meters"}};
    command_entry run{{"run"}, "Run it", "", {{{"-c", "--config"}, "TEXT", "Site file; it's needed", true}}, {}, {}};
    command_entry meter{{"meter"}, "Meters", "", {}, {"read"}, {"Read"}};
    command_entry read{{"meter", "read"},
                       "Read",
                       "Example:\n  .dots and 'quotes'",
                       {{{}, "TARGET", "Where", true}, {{"--json"}, "", "JSON", false}},
                       {},
                       {}};
    return {program, run, meter, read};
}

/// What bash offers for a line with the cursor at its end.
std::string offered(std::string const& words)
{
    auto const script = completion_script(small_tree(), "bash") + "COMP_WORDS=(" + words +
                        "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _kilnwatt; echo \"${COMPREPLY[@]}\"";
    std::string quoted;
    for (char const c : script)
        quoted += c == '\'' ? std::string{"'\\''"} : std::string(1, c);
    auto const command = "bash -c '" + quoted + "'";
    std::unique_ptr<FILE, int (*)(FILE*)> const pipe{popen(command.c_str(), "r"), pclose};
    REQUIRE(pipe);
    std::array<char, 512> line{};
    REQUIRE(std::fgets(line.data(), static_cast<int>(line.size()), pipe.get()) != nullptr);
    std::string text{line.data()};
    return text.substr(0, text.find('\n'));
}

} // namespace

TEST_CASE("completion: bash offers subcommands and options where they stand", "[cli][completion]")
{
    CHECK(offered("kilnwatt ''") == "run meter -h --help");
    CHECK(offered("kilnwatt me") == "meter");
    CHECK(offered("kilnwatt run --c") == "--config");
    CHECK(offered("kilnwatt meter ''") == "read");
    CHECK(offered("kilnwatt meter read tcp://x --j") == "--json");
    CHECK(offered("kilnwatt meter read run --j") == "--json"); // a word that is a command elsewhere
}

TEST_CASE("completion: zsh and fish scripts hold every command and quote what needs it", "[cli][completion]")
{
    auto const zsh = completion_script(small_tree(), "zsh");
    CHECK(zsh.find("'/meter/read') offer='--json' ;;") != std::string::npos);
    auto const fish = completion_script(small_tree(), "fish");
    CHECK(fish.find("-s c -l config -r -d 'Site file; it'\\''s needed'") != std::string::npos);
    CHECK(fish.find("__fish_seen_subcommand_from meter; and __fish_seen_subcommand_from read' -l json") !=
          std::string::npos);
    CHECK(completion_script(small_tree(), "tcsh").empty());
}

TEST_CASE("manual: a page a command, with synopsis, options, examples and exit codes", "[cli][manual]")
{
    auto const pages = manual_pages(small_tree(), "Exit codes:\n  0  ok\n");
    REQUIRE(pages.size() == 4);
    CHECK(pages[0].name == "kilnwatt.1");
    CHECK(pages[3].name == "kilnwatt-meter-read.1");
    auto const& text = pages[3].text;
    CHECK(text.find(".TH KILNWATT\\-METER\\-READ 1") == 0);
    CHECK(text.find(".SH SYNOPSIS\n.B kilnwatt meter read\n[options]\nTARGET\n") != std::string::npos);
    CHECK(text.find(".TP\n.B \\-\\-json\nJSON\n") != std::string::npos);
    CHECK(text.find("  .dots and 'quotes'") != std::string::npos);
    CHECK(text.find("  0  ok") != std::string::npos);
    CHECK(pages[0].text.find(".BR kilnwatt\\-run (1)") != std::string::npos);
}

TEST_CASE("command_tree: a command that there is not is named, with the nearest one", "[cli][completion]")
{
    auto const said = [](std::string const& line) {
        CLI::App app{"The program", "kilnwatt"};
        app.require_subcommand(1);
        auto* report = app.add_subcommand("report");
        report->require_subcommand(1);
        report->add_subcommand("year")->add_option("-c");
        app.add_subcommand("run");
        try {
            app.parse(line);
        } catch (CLI::ParseError const&) {
            return misspelt_command(app);
        }
        return std::string{"parsed"};
    };
    CHECK(said("repotr year") == "there is no command 'repotr': did you mean 'report'?");
    CHECK(said("report yaer -c x") == "there is no command 'report yaer': did you mean 'report year'?");
    CHECK(said("report century") == "there is no command 'report century'");
    CHECK(said("report").empty());
    CHECK(said("").empty());
    CHECK(said("--colour").empty());
    CHECK(said("report year x").empty());
    CHECK(said("report year -c x") == "parsed");
}
