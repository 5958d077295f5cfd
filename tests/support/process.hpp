#pragma once

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>

namespace kilnwatt::test {

/// A child process; killed and reaped when the object goes.
class process {
public:
    /// Starts argv[0] with its output appended to `log` (a file; "" = this process's own).
    process(std::vector<std::string> argv, std::string log, std::vector<std::string> environment = {});
    ~process();
    process(process&& other) noexcept;
    process& operator=(process&&) = delete;

    pid_t pid() const { return pid_; }
    bool running();
    void signal(int number) const;

    /// Exit code; 128 + n when signal n ended it; -1 when it still runs after `patience`.
    int wait(std::chrono::milliseconds patience);

private:
    pid_t pid_ = -1;
    int status_ = -1; ///< exit code once reaped
};

/// A folder below the system's temporary folder, removed with all it holds.
class scratch_folder {
public:
    scratch_folder();
    ~scratch_folder();
    scratch_folder(scratch_folder const&) = delete;
    scratch_folder& operator=(scratch_folder const&) = delete;

    std::string const& path() const { return path_; }
    std::string file(std::string const& name) const { return path_ + "/" + name; }
    std::string write(std::string const& name, std::string const& text) const; ///< returns its path

private:
    std::string path_;
};

std::string read_text_file(std::string const& path);

/// A TCP port of 127.0.0.1 that nobody listened on a moment ago.
int free_port();

/// Waits until `done()` or the patience is over; returns done(). Only for tests that run other programs.
template <class F>
bool eventually(F done, std::chrono::milliseconds patience)
{
    auto const end = std::chrono::steady_clock::now() + patience;
    while (!done()) {
        if (std::chrono::steady_clock::now() >= end)
            return done();
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    return true;
}

} // namespace kilnwatt::test
