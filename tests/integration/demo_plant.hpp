#pragma once

#include "tests/support/process.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace kilnwatt::test {

/// The example plant on ports of its own: broker, persistent subscriber, simulator and agent as processes, all below one
/// scratch folder. Each is started and stopped by name.
class demo_plant {
public:
    struct options {
        std::string clock;      ///< of simulator and agent; "" = real time
        std::string extra;      ///< TOML appended to the site file
        std::vector<std::pair<std::string, std::string>> replace; ///< texts of the example to replace
    };

    explicit demo_plant(options o);

    void start_broker();     ///< mosquitto with persistence, unlimited queue for the absent subscriber
    void stop_broker();      ///< SIGTERM: it saves its state
    void start_subscriber(); ///< QoS 1, persistent session: what the broker has acknowledged reaches it
    void start_simulator(std::string const& seed = "1"); ///< another seed: other meters, with other counts
    void stop_simulator();
    void start_agent();
    int stop_agent(std::chrono::milliseconds patience); ///< SIGTERM; the exit code
    void kill_agent();

    /// Every message so far on topics that end in `suffix`: topic and payload, in order of arrival.
    std::vector<std::pair<std::string, std::string>> messages(std::string const& suffix) const;

    scratch_folder const& folder() const { return folder_; }
    std::string site() const { return folder_.file("site.toml"); }
    std::string journal() const { return folder_.file("kilnwatt-demo.db"); }
    std::string truth() const { return folder_.file("truth.json"); }
    std::string truth_series() const { return folder_.file("truth-series"); }
    std::string log(std::string const& name) const { return read_text_file(folder_.file(name + ".log")); }
    process& agent() { return *agent_; }

private:
    options options_;
    scratch_folder folder_;
    int broker_port_;
    std::optional<process> broker_, subscriber_, simulator_, agent_;
};

/// Device and seq of every readings message: what a SCADA system can prove to have received.
std::map<std::string, std::set<std::uint64_t>> received_seqs(demo_plant const& plant);

/// Device and seq of every readings record in the plant's journal.
std::map<std::string, std::set<std::uint64_t>> stored_seqs(demo_plant const& plant);

} // namespace kilnwatt::test
