#pragma once

#include "agent/settings/link_book.hpp"
#include "agent/settings/site.hpp"

namespace kilnwatt::settings {

/// What one agent polls, publishes to and watches at most.
inline constexpr std::size_t devices_max = 5000;
inline constexpr std::size_t sinks_max = 16;
inline constexpr std::size_t alarms_max = 1000;

/// Each reads its part of the root table into the site and notes what is wrong. Every key with its bounds stands in one
/// of these files and nowhere else; its default stands in site.hpp.
void read_site_section(config::table& root, site& s);
void read_profiles_section(config::table& root, site& s);
void read_journal_section(config::table& root, site& s);
void read_energy_section(config::table& root, site& s);
void read_carrier_sections(config::table& energy, site& s); ///< energy.carrier
void check_pv_feeder(config::table& root, site const& s); ///< once the devices are known
void read_tariff_section(config::table& root, site& s);
void read_kpi_sections(config::table& root, site& s);
void read_target_sections(config::table& root, site& s);
void read_production_sections(config::table& root, site& s); ///< after devices and sinks
void read_link_sections(config::table& root, link_book& links);
void read_mqtt_sections(config::table& root, site& s);
void read_alarm_sections(config::table& root, site& s);

/// Fills s.devices and adds links that devices name by URL. The tables come back in the order of s.devices.
std::vector<config::table> read_device_sections(config::table& root, site& s, link_book& links);

/// Plates (array, motor, transformer, boiler, heat_meter, flue_gas, machine, product, battery, kiln) and carrier of a
/// device.
void read_plates(config::table& device, device_settings& d);

/// t/h of a product; a product by the piece has none.
double read_rated_output(config::table& t, std::string_view key);

/// timing = {...} of a link or device.
timing_override read_timing(config::table& t);

/// What only the devices together can tell: their places in the tree of meters, their units on the links.
void check_meters(std::vector<config::table>& tables, site const& s);
/// A carrier that a device names and that has no usual emission factor needs one of the site's.
void check_carriers(std::vector<config::table>& tables, site const& s);
void check_units(std::vector<config::table>& tables, site const& s);

} // namespace kilnwatt::settings
