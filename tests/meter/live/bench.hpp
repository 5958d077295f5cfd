#pragma once

#include "register_server.hpp"
#include "tests/support/process.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::test {

/// What a command printed and returned.
struct told {
    int code = -1;
    std::string out;
    std::string err;
};

inline bool has(std::string const& text, std::string const& part)
{
    return text.find(part) != std::string::npos;
}

/// A bench with the example plant's devices on ports of their own, each as `kilnwatt simulate` serves it, and a pump
/// whose set point can be written (register_server). site.toml knows them all.
class bench {
public:
    bench();

    /// The text with the ports of the example replaced by those of this bench.
    std::string here(std::string text) const;

    /// Runs a command line of a shell in the bench's folder, `kilnwatt` being the program under test.
    told run(std::string const& line) const;

    std::string site() const { return folder_.file("site.toml"); }
    scratch_folder const& folder() const { return folder_; }
    register_server const& pump() const { return *pump_; }

    /// Starts an agent that polls three of the devices, and waits until it has read each.
    void start_agent();
    process& agent() { return *agent_; }
    std::string socket() const { return folder_.file("control.sock"); }
    std::string agent_log() const { return read_text_file(folder_.file("agent.log")); }

private:
    scratch_folder folder_;
    std::map<std::string, std::string> ports_; ///< of the example, and here
    std::optional<process> simulator_;
    std::unique_ptr<register_server> pump_;
    std::optional<process> agent_;
};

} // namespace kilnwatt::test
