#pragma once

#include "agent/control/site_plan.hpp"
#include "agent/publish/sink.hpp"
#include "core/time.hpp"

namespace kilnwatt::control {

/// A sink's options from its settings. `report` is left to the caller.
publish::sink_options sink_options_of(settings::mqtt_settings const& m, utc_time started);

/// What consumers are told about the devices of a site.
publish::device_catalogue catalogue_of(site_plan const& plan);

/// Availability as published for a device's health.
publish::availability availability_of(poll::health h);

} // namespace kilnwatt::control
