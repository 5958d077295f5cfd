#pragma once

#include "agent/cli/agent_client.hpp"
#include "agent/cli/exit_code.hpp"
#include "agent/cli/streams.hpp"
#include "drivers/profile.hpp"
#include "protocols/modbus/deadline_list.hpp"
#include "protocols/modbus/link.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace kilnwatt::cli {

namespace asio = boost::asio;

/// What every `meter` command that talks to a device is told.
struct meter_options {
    std::string target;  ///< URL, or the name of a device of `config`
    std::string config;  ///< site file; "" = none
    std::string profile; ///< profile id; "" = the configured device's, or none
    std::optional<int> unit;
    std::optional<int> timeout_ms;
    std::string socket; ///< of the agent; "" = the site file's, or the usual one
    bool direct = false; ///< open the link whatever the agent does
    std::optional<std::chrono::seconds> lease;
    bool json = false;
};

/// Declares the options above, but for the lease.
void add_meter_options(CLI::App& command, meter_options& o);
/// For commands that need a link for themselves. `o` outlives the parsing.
void add_lease_option(CLI::App& command, meter_options& o);

/// May the agent's own requests come between those of a command?
enum class link_use : std::uint8_t { shared, alone };

/// The site file of the agent that listens there; "" when there is none. Nothing, with a line on io.err, when it cannot
/// be asked.
std::optional<std::string> site_of_agent(std::string const& path, streams io);

/// Where a command goes, and what is known about the device there.
struct meter_target {
    link_address address;
    modbus::link_timing timing;
    std::uint8_t unit = 1;
    std::string name; ///< of the configured device, else the URL
    std::optional<drivers::profile> profile;
    std::string socket; ///< where the agent would listen
};

/// Finds the target; nothing, with one line on io.err and the exit code in `code`, when it cannot.
std::optional<meter_target> find_target(meter_options const& o, streams io, exit_code& code);

/// A profile by its id; nothing with one line on io.err.
std::optional<drivers::profile> find_profile(std::string const& id, drivers::profile_library const& where, streams io);

/// Every profile that the program finds without a site file.
std::vector<drivers::profile> known_profiles();

/// The io context of one command. Ctrl-C cancels the request under way; the command then prints what it has.
class meter_session {
public:
    explicit meter_session(streams io) : io_{io}, deadlines_{context_.get_executor()} {}

    using work = std::function<asio::awaitable<exit_code>()>;
    /// May be called again; what it opened stays open.
    exit_code run(work w);

    /// Asks the agent, if one runs, whether it owns the target's link. Shared: requests then go through the agent.
    /// Alone: it pauses polling for o.lease, and the link is opened here. False with a line on io.err and `code`.
    [[nodiscard]] bool reach(meter_options const& o, meter_target const& to, link_use use, exit_code& code);

    std::unique_ptr<modbus::link> open(link_address const& at, modbus::link_timing const& timing);
    /// Why the agent refused the last request; "" when it did not.
    std::string refusal() const { return agent_ ? agent_->refusal() : std::string{}; }
    bool interrupted() const { return interrupted_; }
    asio::io_context& context() { return context_; }
    streams io() const { return io_; }

    /// Looks for the reason of a failure and prints one line of advice; returns the exit code that fits.
    asio::awaitable<exit_code> explain(boost::system::error_code error, link_address at, modbus::link_timing timing,
                                       modbus::read_request request);

private:
    bool borrow(std::string const& url, std::optional<std::chrono::seconds> lasts, exit_code& code);

    streams io_;
    asio::io_context context_{1};
    modbus::deadline_list deadlines_;
    std::unique_ptr<agent_client> agent_; ///< null when none runs; a lease lasts no longer than this
    std::string owned_;                   ///< the agent's URL of the target's link; "" = it is opened here
    std::optional<std::chrono::steady_clock::time_point> lease_end_;
    bool interrupted_ = false;
};

} // namespace kilnwatt::cli
