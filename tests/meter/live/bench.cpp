#include "bench.hpp"

#include "tests/support/places.hpp"

#include <catch2/catch.hpp>

#include <sys/wait.h>

#include <cstdlib>

namespace kilnwatt::test {

bench::bench()
{
    for (auto const* port : {"15021", "15022", "15023", "15024", "15025", "15026", "15031", "1502 "})
        ports_[port] = std::to_string(free_port()) + (port[4] == ' ' ? " " : "");
    ports_["/tmp/kilnwatt-kiln-line"] = folder_.file("kiln-line");
    folder_.write("site.toml", here(read_text_file(KILNWATT_SOURCE_DIR "/config/examples/ceramics-plant.toml")));
    simulator_.emplace(std::vector<std::string>{KILNWATT_PROGRAM, "simulate", "-c", site()},
                       folder_.file("simulator.log"));
    REQUIRE(eventually([&] { return run(here("kilnwatt meter read tcp://127.0.0.1:15024 19026")).code == 0; },
                       std::chrono::seconds{30}));
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
                        "; } >out.txt 2>err.txt </dev/null";
    folder_.write("script.sh", script);
    auto const status = std::system(("bash '" + folder_.file("script.sh") + "'").c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_text_file(folder_.file("out.txt")),
            read_text_file(folder_.file("err.txt"))};
}

} // namespace kilnwatt::test
