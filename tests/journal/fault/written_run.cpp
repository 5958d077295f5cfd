#include "tests/journal/fault/written_run.hpp"

#include "tests/support/process.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <stdexcept>

#include <poll.h>
#include <unistd.h>

namespace journal_test {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::chrono::seconds patience{60};

std::int64_t us_now()
{
    return std::chrono::duration_cast<std::chrono::microseconds>(clock::now().time_since_epoch()).count();
}

void take(written_run& run, note const& n)
{
    if (n.kind == note::what::appends) {
        run.appended_us.push_back(n.mono_us);
        return;
    }
    ++run.commits;
    run.committed = std::max(run.committed, n.number + 1);
}

/// Reads notes until `end` or until nobody holds the other end of the pipe any more.
void listen(int pipe, clock::time_point end, written_run& run)
{
    for (;;) {
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(end - clock::now());
        pollfd waiting{pipe, POLLIN, 0};
        if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0)
            return;
        note n;
        if (::read(pipe, &n, sizeof n) != static_cast<ssize_t>(sizeof n))
            return;
        take(run, n);
    }
}

} // namespace

written_run write_and_kill(std::string const& path, std::chrono::milliseconds commit, int run,
                           std::chrono::microseconds lives, std::string const& log)
{
    int ends[2];
    if (::pipe(ends) != 0)
        throw std::runtime_error{"no pipe"};
    auto const program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "journal_writer";
    written_run out;
    auto const end = clock::now() + lives;
    {
        kilnwatt::test::process writer{
            {program.string(), path, std::to_string(commit.count()), std::to_string(run), std::to_string(ends[1])},
            log};
        ::close(ends[1]);
        listen(ends[0], end, out);
        writer.signal(SIGKILL);
        out.killed_us = us_now();
        out.exit_code = writer.wait(patience);
    }
    listen(ends[0], clock::now() + patience, out); // what it had said before
    ::close(ends[0]);
    return out;
}

} // namespace journal_test
