#include "bench.hpp"

#include "tests/support/places.hpp"

#include <catch2/catch.hpp>

#include <sys/wait.h>

#include <cstdlib>

namespace kilnwatt::test {

namespace {

/// A set point that may be set, in 0.1 Hz, and a limit that may not.
constexpr auto pump_section = R"(
[[device]]
name   = "pump"
link   = "tcp://127.0.0.1:15041"
points = [
  {name = "vendor.set_point", address = 100, type = "u16", scale = 0.1, unit = "Hz", writable = {min = 0, max = 50}},
  {name = "vendor.limit", address = 101, type = "u16"},
]
)";

/// What the agent of the bench polls.
constexpr auto agent_site = R"(
schema = 1

[site]
name           = "Bench"
control_socket = "control.sock"

[journal]
path = "agent.db"

[[device]]
name    = "grid-meter"
link    = "tcp://127.0.0.1:15024"
profile = "janitza_umg96rm"

[[device]]
name    = "pv-roof-1"
link    = "tcp://127.0.0.1:15021"
profile = "sunspec"
)";

} // namespace

bench::bench()
{
    for (auto const* port : {"15021", "15022", "15023", "15024", "15025", "15026", "15031", "15041", "1502 "})
        ports_[port] = std::to_string(free_port()) + (port[4] == ' ' ? " " : "");
    ports_["/tmp/kilnwatt-kiln-line"] = folder_.file("kiln-line");
    auto const plant =
        folder_.write("plant.toml", here(read_text_file(KILNWATT_SOURCE_DIR "/config/examples/ceramics-plant.toml")));
    folder_.write("site.toml", read_text_file(plant) + here(pump_section));
    pump_ = std::make_unique<register_server>(std::stoi(ports_["15041"]));
    simulator_.emplace(std::vector<std::string>{KILNWATT_PROGRAM, "simulate", "-c", plant},
                       folder_.file("simulator.log"));
    REQUIRE(eventually([&] { return run(here("kilnwatt meter read tcp://127.0.0.1:15024 19026")).code == 0; },
                       std::chrono::seconds{30}));
}

void bench::start_agent()
{
    auto const file = folder_.write("agent.toml", here(std::string{agent_site} + pump_section));
    agent_.emplace(std::vector<std::string>{KILNWATT_PROGRAM, "run", "-c", file}, folder_.file("agent.log"));
    auto const has_read_all = [&] {
        auto const log = agent_log();
        return log.find("grid-meter is online") != std::string::npos &&
               log.find("pv-roof-1 is online") != std::string::npos && log.find("pump is online") != std::string::npos;
    };
    auto const reads = eventually(has_read_all, std::chrono::seconds{30});
    INFO(agent_log());
    REQUIRE(reads);
}

std::string bench::here(std::string text) const
{
    for (auto const& [example, mine] : ports_)
        for (auto at = text.find(example); at != std::string::npos; at = text.find(example, at + mine.size()))
            text.replace(at, example.size(), mine);
    return text;
}

told bench::run(std::string const& line) const
{
    auto const script = "cd '" + folder_.path() + "' && kilnwatt() { '" KILNWATT_PROGRAM "' \"$@\"; } && { " + line +
                        "\n} >out.txt 2>err.txt </dev/null";
    folder_.write("script.sh", script);
    auto const status = std::system(("bash '" + folder_.file("script.sh") + "'").c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_text_file(folder_.file("out.txt")),
            read_text_file(folder_.file("err.txt"))};
}

} // namespace kilnwatt::test
