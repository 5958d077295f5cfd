#pragma once

#include "config/defect.hpp"
#include "config/table.hpp"
#include "core/link_address.hpp"
#include "core/role.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::settings {

using std::chrono::milliseconds;

/// A text that never appears in a log or a message. From "file:/path", "env:NAME", "credential:NAME" or plain text.
class secret {
public:
    secret() = default;
    explicit secret(std::string text) : text_{std::move(text)} {}
    std::string const& reveal() const { return text_; }
    bool empty() const { return text_.empty(); }

private:
    std::string text_;
};

/// Bounds and words that the field side has too, without knowing this room; agent/control asserts that they agree.
inline constexpr int in_flight_limit = 16;
inline constexpr int registers_max = 125;
inline constexpr int retries_max = 5;
inline constexpr std::array<std::string_view, 4> poll_classes{"fast", "normal", "counters", "slow"};

/// Overrides of a profile's or link's timing; absent = the profile's value.
struct timing_override {
    std::optional<milliseconds> connect_timeout, connect_delay, response_timeout, request_gap, unit_gap, idle_close;
    std::optional<bool> lenient_transaction_id, local_echo, close_after_poll;
    std::optional<int> max_in_flight;
};

struct link_settings {
    std::string name; ///< "" for a link that a device names by URL
    link_address address;
    std::optional<link_address> fallback; ///< tried when the first does not take a connection
    timing_override timing;
    double failing_share = 0.1;     ///< of the link's time that all its failing devices together may take
    milliseconds probe_max{30'000}; ///< longest distance between two probes of a silent device
    int offline_after = 2;          ///< failed polls
    config::place at;
};

struct array_settings {
    double rated_w = 0;
    double inverter_rated_w = 0;
    double temperature_coefficient = -0.0035;
    std::string orientation;
    std::optional<double> annual_module_temperature{}; ///< degC
};

struct motor_settings {
    double rated_w = 0;
    double rated_speed = 0;
    std::string efficiency_class;
    double rated_voltage = 0; ///< V between lines; 0 = unknown
    double rated_current = 0; ///< A
};

struct boiler_settings {
    double rated_w = 0; ///< heat; 0 = unknown
    std::string fuel = "natural_gas";
    double dryness = 1; ///< of its steam
};

struct transformer_settings {
    double rated_va = 0;
    double no_load_loss_w = 0;
    double load_loss_w = 0;
    double no_load_current = 0; ///< shares; 0 = unknown
    double short_circuit_voltage = 0;
};

struct device_settings {
    std::string name;
    std::size_t link = 0; ///< index into site::links; beyond them when the file's link is wrong
    std::optional<int> unit;
    std::string profile;                        ///< profile id, or "" with inline points
    std::optional<config::table> points_owner;  ///< the device's table when it has `points = [...]`
    std::optional<config::table> changes_owner; ///< the device's table when it has `override` or `add_points`
    double current_ratio = 1.0, voltage_ratio = 1.0;
    int part = 0; ///< of a SunSpec chain; 0 = all
    role what = role::none;
    bool key = false;
    std::string meter;
    double sign = 1.0;
    double share = 1.0;
    bool linear = false;                      ///< its gauges are on straight lines between readings
    bool gaps_by_sun = false;                 ///< its counters' gaps have the shape of the sun
    std::map<std::string, milliseconds> poll; ///< period by class name
    timing_override timing;
    std::optional<int> registers_per_request; ///< overrides the profile's
    std::optional<int> retries;
    std::optional<array_settings> array;
    std::optional<motor_settings> motor;
    std::optional<transformer_settings> transformer;
    std::optional<boiler_settings> boiler;
    std::string carrier = "natural_gas";    ///< of a fuel meter
    config::place carrier_at;               ///< of `carrier`, or of the boiler's `fuel`
    bool flow_sensor_in_supply = false;     ///< of a heat meter
    double minimum_flow = 0;                ///< of a heat meter, m3/h; 0 = unknown, as the next four
    double flue_gas_rated_w = 0;            ///< heat of its flue gas at design
    double rated_flow = 0;                  ///< of a machine, m3/h
    double rated_mass_flow = 0;             ///< of a machine or a product, t/h
    double capacity_wh = 0;                 ///< of a battery
    double conformity_band = 5;             ///< of a kiln, K
    std::map<std::string, double> rollover; ///< by counter point: where it begins again, in its canonical unit
    config::place at;                       ///< of the device's table
    config::place profile_at;               ///< of the value of `profile`
};

struct journal_settings {
    std::string path = "/var/lib/kilnwatt/journal.db";
    std::uint64_t size = 8ull << 30;         ///< readings
    std::uint64_t windows_size = 2ull << 30; ///< 1-minute windows
    std::uint64_t quarters_size = 1ull << 30;
    std::uint64_t days_size = ~std::uint64_t{0}; ///< for ever
    std::uint64_t events_size = 256ull << 20;
    std::optional<milliseconds> age, windows_age, quarters_age, events_age;
    std::uint64_t disk_free = 256ull << 20; ///< below it the file does not grow
    milliseconds commit{500};
    bool sync_full = true;
};

struct tls_settings {
    std::string ca_file, certificate_file, key_file;
    std::vector<std::string> alpn; ///< protocol names offered, best first
};

/// What a sink with format = "sparkplug" is on the broker.
struct sparkplug_settings {
    std::string group;        ///< default: the site's id
    std::string node;         ///< default: the gateway
    std::string primary_host; ///< "" = waits for no host
    bool datatype_in_data = false;
};

struct server_settings {
    std::string host;
    std::uint16_t port = 1883;

    friend bool operator==(server_settings const&, server_settings const&) = default;
};

struct mqtt_settings {
    std::string name;
    std::string host;
    std::uint16_t port = 1883;
    std::vector<server_settings> fallback;       ///< further brokers, tried in turn
    std::optional<tls_settings> tls;             ///< present for mqtts://
    std::string client_id;                       ///< default kilnwatt-<site>-<name>
    std::optional<sparkplug_settings> sparkplug; ///< present for format = "sparkplug"
    std::string root;                            ///< of format "json": topic root, default energy/<site>/<gateway>
    std::string home_assistant;                  ///< of format "json": prefix of its discovery; "" = it is not told
    int version = 5;
    std::string user;
    secret password;
    std::chrono::seconds keep_alive{10};
    milliseconds ack_timeout{10'000};
    bool readings = true, windows = true, kpis = true, events = true; ///< from `publish`
    config::place at;
};

/// An alarm as it stands in the file; which value it watches and in which unit is found with the profiles.
struct alarm_settings {
    std::string name;
    std::string point; ///< "device.point", or "" with a kpi
    std::string kpi;
    bool above = true; ///< the key `above` is there, else `below`
    milliseconds delay{0};
    std::string severity; ///< "info", "warning" or "alarm"
    config::table owner;  ///< has `above` or `below`, and `hysteresis`
};

struct carrier_settings {
    double electricity_kgce_per_kwh = 0.1229;
    double gas_kgce_per_m3 = 1.2143;
    double gas_lhv_mj_per_m3 = 35.588;
    std::string source = "GB/T 2589-2020";
};

/// A carrier beside electricity and natural gas, with coefficients of the site's own.
struct bought_carrier_settings {
    std::string name;
    std::optional<double> kgce, mj, co2_kg; ///< of a unit; none = the usual one
    std::string source;
};

struct grid_factor_settings {
    int year = 0;
    double kg_per_kwh = 0;
    std::string region, source;
};

struct tariff_day_settings {
    std::vector<std::pair<std::int64_t, std::int64_t>> dates; ///< first and last, days since 1970-01-01
    std::vector<int> months;                                  ///< 1 to 12; none = all
    std::vector<int> weekdays;                                ///< 1 (Monday) to 7; none = all
    std::vector<std::pair<int, std::string>> periods;         ///< first minute after midnight, in order; name
};

/// Prices in CNY. The last day of `days` holds every date.
struct tariff_settings {
    std::map<std::string, double> price; ///< CNY/kWh by period
    std::vector<tariff_day_settings> days;
    std::optional<double> export_price, demand_price, capacity_charge; ///< CNY/kWh; CNY/kW and month; CNY a month
    std::optional<double> baseline_demand_kw; ///< largest demand of a month before peaks were shaved
    bool demand_in_blocks = false;            ///< of the clock; else 15 minutes that slide
    int reading_day = 1;                      ///< of the supplier's meter, day of the month
    std::string source;
};

enum class kpi_period : std::uint8_t { minute, quarter, hour, day, month };

/// A figure that the site defines. What the formula means is checked where the plant is known.
struct kpi_settings {
    std::string name, formula;
    std::string unit;                                        ///< "" for a plain number
    kpi_period shortest = kpi_period::quarter;               ///< it is published for
    std::vector<std::pair<std::string, std::string>> floors; ///< figure and "0.5 t"
    config::place name_at, formula_at, unit_at, floor_at;
    std::string path; ///< "kpi[1]"
};

/// A topic that brings the running total of a product.
struct production_settings {
    std::string name;       ///< of the device that its readings belong to
    std::size_t broker = 0; ///< index into site::mqtt
    std::string topic;
    std::string value; ///< member of a JSON object, "" = the payload is the number
    std::string point = "production_mass";
    double factor = 1;           ///< to the point's unit
    double rated_mass_flow = 0;  ///< t/h at design; 0 = unknown
    bool increments = false;     ///< a message is what was made since the one before, no running total
    milliseconds stale_after{0}; ///< without a message it is offline; 0 = never
    config::place at;
};

/// A figure that is to fall. Figure and units are checked where the plant is known.
struct target_settings {
    std::string name, figure;
    std::string base;                ///< "158.2 kgce/t", or "imported": what was entered for the base year
    std::optional<double> reduction; ///< share of the base
    std::string value;               ///< "150 kgce/t", or "" with a reduction
    int base_year = 0;
    int year = 0; ///< by when; 0 = not said
    std::string source;
    config::place name_at, figure_at, base_at, value_at;
    std::string path; ///< "target[1]"
};

/// A site file, checked as far as it can be without profiles and network.
struct site {
    std::string name;
    std::string id; ///< name as a topic level: [a-z0-9_-]
    std::string gateway = "gateway";
    std::string timezone = "Asia/Shanghai";
    std::optional<std::pair<double, double>> location;         ///< latitude and longitude, degrees
    milliseconds production_day{0};                            ///< when it begins, after local midnight
    std::string control_socket = "/run/kilnwatt/control.sock"; ///< "" = none
    std::vector<std::string> profile_folders;                  ///< from [profiles] folders = [...], made absolute
    journal_settings journal;
    std::vector<link_settings> links; ///< named ones and those that devices name by URL, each address once
    std::vector<device_settings> devices;
    std::vector<mqtt_settings> mqtt;
    std::vector<alarm_settings> alarms;
    carrier_settings carriers;
    std::vector<bought_carrier_settings> bought;
    bool count_onsite_pv = false;
    bool all_loads_metered = false;
    std::string pv_first = "priority"; ///< or "proportional", "wired"
    std::string pv_feeder;             ///< device that measures the PV feeder of the key equipment; "" = none
    milliseconds gap_total_max{24 * 3'600'000};
    std::vector<grid_factor_settings> grid_factors; ///< none = the national average of 2022
    std::optional<double> gas_kg_per_m3;
    std::string gas_co2_source;
    std::optional<tariff_settings> tariff;
    std::vector<kpi_settings> kpis;
    std::vector<target_settings> targets;
    std::vector<production_settings> productions;
    std::optional<milliseconds> close_delay; ///< none: as long as the slowest counter needs
    std::optional<config::table> written;    ///< the file with its includes
};

struct loaded_site {
    site value;
    std::shared_ptr<config::defects> found; ///< empty: the file can be run
};

/// Reads and checks a site file (with its includes). Touches the files it names (secrets, certificates), no network.
loaded_site load_site(std::string const& path);

} // namespace kilnwatt::settings
