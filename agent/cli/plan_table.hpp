#pragma once

#include "agent/cli/streams.hpp"
#include "agent/control/site_plan.hpp"

namespace kilnwatt::cli {

/// Prints what every link of a site will carry: each request, then each link. Tables on a terminal, tab-separated lines
/// that begin with "request" or "link" in a pipe, one JSON object a line with `json`. Devices are taken to answer as
/// quickly as usual; a link that cannot carry that is told on io.err. True when every link can.
bool print_plan(control::site_plan const& plan, bool json, streams io);

} // namespace kilnwatt::cli
