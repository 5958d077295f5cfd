#pragma once

#include "tests/support/process.hpp"

#include <csignal>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::test {

/// A real mosquitto on a port of 127.0.0.1 that stays the same over restarts. Its files live in folder().
class mosquitto_broker {
public:
    mosquitto_broker();

    /// Starts with these lines of mosquitto.conf after those of the listener; throws unless it listens within 10 s.
    void start(std::vector<std::string> lines = {"allow_anonymous true"});

    void stop();    ///< SIGTERM; waits
    void kill();    ///< SIGKILL; waits
    void restart(); ///< with the lines of start()
    void freeze() const { process_->signal(SIGSTOP); }
    void thaw() const { process_->signal(SIGCONT); }

    std::uint16_t port() const { return port_; }
    scratch_folder const& folder() const { return folder_; }

    /// A password file for `password_file`; returns its path.
    std::string write_password(std::string const& user, std::string const& password) const;

    /// All it has written so far, at log_type all.
    std::string log() const { return read_text_file(folder_.file("log")); }

private:
    void end(int signal);

    scratch_folder folder_;
    std::uint16_t port_;
    std::optional<process> process_;
};

} // namespace kilnwatt::test
