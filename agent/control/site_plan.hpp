#pragma once

#include "agent/energy/alarm_board.hpp"
#include "agent/energy/plant_model.hpp"
#include "agent/poll/link_load.hpp"
#include "agent/poll/link_poller.hpp"
#include "agent/settings/site.hpp"
#include "drivers/profile.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::control {

/// One link with the devices on it, ready to be polled.
struct planned_link {
    std::string name;
    link_address address;
    std::optional<link_address> fallback;
    modbus::link_timing timing;
    std::vector<poll::polled_device> devices;
    poll::link_policy policy;
};

/// What a request costs on the link, without the device's own time. A gateway's line is taken to have the usual format
/// of its devices' profiles.
drivers::link_cost cost_of(planned_link const& link);

/// What its devices ask of it.
poll::link_load load_of(planned_link const& link, drivers::link_cost const& cost);

/// "asks for 130 % of its time; ..." with the smallest interval that can be met; "" when all can.
std::string overload_of(poll::link_load const& load);

/// A site file with its profiles: everything `run` needs. `run` refuses exactly what `check` refuses, because both use
/// this and nothing else.
struct site_plan {
    std::string file; ///< absolute
    settings::site site;
    drivers::profile_library profiles;
    std::vector<planned_link> links;
    energy::plant_model model;
    std::vector<energy::alarm_rule> alarms;
    std::shared_ptr<config::defects> found; ///< sorted by place; empty: it can run
};

/// Reads the site file, finds and reads the profiles it names, and joins both. No network.
site_plan plan_site(std::string const& path);

/// The points of a device that its profile reads; none where it has none, or is not known before it answers (SunSpec).
std::vector<column> columns_of(site_plan const& plan, std::string const& device);

/// Where profiles are looked for, in order: the site file's folders, /etc/kilnwatt/devices, the package's folder, the
/// source tree the program was built in.
drivers::profile_library profile_folders(settings::site const& site);

} // namespace kilnwatt::control
