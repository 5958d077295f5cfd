#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace kilnwatt::control {

enum class log_level { debug, info, warning, error };

/// The agent's log: one line an event on standard error, with the priority prefix of the systemd journal when that
/// listens, with time and colour on a terminal. Safe from any thread. Control characters from outside are escaped.
class log {
public:
    explicit log(log_level least);
    ~log();

    void write(log_level level, std::string_view line);

    void debug(std::string_view line) { write(log_level::debug, line); }
    void info(std::string_view line) { write(log_level::info, line); }
    void warning(std::string_view line) { write(log_level::warning, line); }
    void error(std::string_view line) { write(log_level::error, line); }

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

/// A line with every control character written as \xNN, at most 2'000 characters.
std::string printable(std::string_view line);

} // namespace kilnwatt::control
