#pragma once

#include "core/row.hpp"
#include "protocols/sparkplug/edge_node.hpp"

#include <string>
#include <vector>

namespace kilnwatt::publish {

/// The Sparkplug device a row belongs to; "" = the node itself, which has what is the plant's.
std::string unit_of(layout const& l);

/// The metrics that a layout's rows carry. A reading's point keeps its name; others stand in the folder of their stream
/// ("window/PT15M/active_power/mean", "kpi/PT15M/site/pv_first", "event/message"). A state of a reading also has
/// "<name>_text". Whole numbers are Int64, others Double, names of states and texts String.
std::vector<sparkplug::definition> metrics_of(layout const& l);

/// The values of a row, in the order of metrics_of(). An aggregate's time is its start. A value that is bad is null;
/// what is not good has its cause as a property, and `Quality` where Sparkplug has a code for it: 0 bad, 500 stale.
std::vector<sparkplug::sample> samples_of(row const& r);

} // namespace kilnwatt::publish
