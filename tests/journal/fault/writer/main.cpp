#include "agent/journal/journal.hpp"
#include "tests/journal/fault/writer/note.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include <unistd.h>

using namespace kilnwatt;
using namespace std::chrono_literals;

namespace {

constexpr auto pace = 500us;
constexpr int devices = 3;

void tell(int pipe, journal_test::note::what kind, std::int64_t number)
{
    auto const now = std::chrono::steady_clock::now().time_since_epoch();
    journal_test::note const n{kind, number, std::chrono::duration_cast<std::chrono::microseconds>(now).count()};
    if (::write(pipe, &n, sizeof n) != static_cast<ssize_t>(sizeof n))
        std::_Exit(4); // nobody listens any more
}

layout_ptr layout_of(int device)
{
    layout l{"meter-" + std::to_string(device), stream::readings, "writer", {}};
    for (auto const* name : {"run", "number"}) {
        column c;
        c.name = name;
        l.columns.push_back(std::move(c));
    }
    return std::make_shared<layout const>(std::move(l));
}

} // namespace

/// Writes numbered readings into a journal until it is killed. Arguments: file, `commit` in ms, number of this run,
/// descriptor of the pipe it reports to.
int main(int argc, char** argv)
{
    if (argc != 5)
        return 2;
    journal::options o;
    o.path = argv[1];
    o.commit = std::chrono::milliseconds{std::atoi(argv[2])};
    o.segment_bytes = 64 << 10; // so that kills meet the start of a segment too
    auto const run = std::int64_t{std::atoi(argv[3])};
    auto const pipe = std::atoi(argv[4]);

    std::string why;
    auto opened = journal::journal::open(o, plant_clock{}, why);
    if (opened.has_error() || !why.empty()) {
        std::fprintf(stderr, "%s\n", why.c_str());
        return 3;
    }
    auto& j = **opened;
    j.on_commit([&](journal::journal::batch_ptr const& records) {
        std::int64_t newest = -1; // a batch holds all that was appended before its last row
        for (auto const& r : *records)
            newest = std::max(newest, static_cast<std::int64_t>(r.data.cells[1].bits));
        tell(pipe, journal_test::note::what::committed, newest);
    });
    j.start();

    layout_ptr layouts[devices];
    for (int d = 0; d < devices; ++d)
        layouts[d] = layout_of(d);
    plant_clock clock;
    for (std::int64_t i = 0;; ++i) {
        row r{layouts[i % devices], clock.now(), {cell_of(run), cell_of(i)}, {}};
        tell(pipe, journal_test::note::what::appends, i);
        if (!j.append(std::move(r)))
            return 5;
        std::this_thread::sleep_for(pace);
    }
}
