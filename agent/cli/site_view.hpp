#pragma once

#include "agent/control/site_plan.hpp"

#include <boost/json/object.hpp>

namespace kilnwatt::cli {

/// A site as `run` would take it: what was written, in the files and their includes, and every default that fills the
/// rest, from the program or from a device's profile. A secret is shown by where it is, or not at all. Read as a site
/// file it gives the same site again, but for hidden secrets and, with `points`, the points of profiles.
boost::json::object effective_site(control::site_plan const& plan, bool points);

} // namespace kilnwatt::cli
