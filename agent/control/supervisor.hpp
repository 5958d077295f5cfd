#pragma once

#include "agent/control/log.hpp"
#include "agent/control/site_plan.hpp"
#include "core/plant_clock.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>

namespace kilnwatt::control {

/// The agent put together: starts journal, sinks and pollers in this order, stops them in reverse and waits for each.
///
/// Lives on the io context's one thread. What was read before stop() is committed when stop() completes.
class supervisor {
public:
    supervisor(boost::asio::io_context& context, site_plan plan, plant_clock clock, log& out);
    ~supervisor();
    supervisor(supervisor const&) = delete;
    supervisor& operator=(supervisor const&) = delete;

    /// False with a sentence in `why` when the agent cannot run: the journal cannot be opened.
    [[nodiscard]] bool start(std::string& why);

    /// Within about 4 s, whatever meters and broker do.
    boost::asio::awaitable<void> stop();

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace kilnwatt::control
