#include "agent/cli/site_view.hpp"

#include "agent/settings/secrets.hpp"
#include "config/quantity.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace kilnwatt::cli {
namespace {

namespace json = boost::json;

std::string show(std::chrono::milliseconds t)
{
    return config::show_duration(t);
}

/// What `effective` does not say stays as it was written.
json::object filled(json::object effective, json::object const& written)
{
    for (auto const& [key, value] : written)
        if (!effective.contains(key))
            effective.emplace(key, value);
    return effective;
}

json::object written_in(json::object const& parent, std::string_view key)
{
    auto const* found = parent.if_contains(key);
    return found && found->is_object() ? found->get_object() : json::object{};
}

json::object written_in(json::object const& parent, std::string_view key, std::size_t item)
{
    auto const* found = parent.if_contains(key);
    return found && found->is_array() ? found->get_array().at(item).as_object() : json::object{};
}

json::object site_of(settings::site const& s)
{
    return {{"name", s.name},
            {"id", s.id},
            {"gateway", s.gateway},
            {"timezone", s.timezone},
            {"production_day", show(s.production_day)},
            {"control_socket", s.control_socket}};
}

json::object journal_of(settings::journal_settings const& j)
{
    json::object keep;
    auto const size = [&](std::string_view key, std::uint64_t bytes) {
        if (bytes != std::numeric_limits<std::uint64_t>::max()) // no limit
            keep[key] = config::show_size(bytes);
    };
    auto const age = [&](std::string_view key, std::optional<std::chrono::milliseconds> t) {
        if (t) // else for ever
            keep[key] = show(*t);
    };
    size("size", j.size);
    size("windows", j.windows_size);
    size("quarters", j.quarters_size);
    size("days", j.days_size);
    size("events", j.events_size);
    age("age", j.age);
    age("windows_age", j.windows_age);
    age("quarters_age", j.quarters_age);
    age("events_age", j.events_age);
    size("free", j.disk_free);
    return {{"path", j.path}, {"commit", show(j.commit)}, {"sync", j.sync_full ? "full" : "normal"}, {"keep", keep}};
}

json::object energy_of(control::site_plan const& plan)
{
    auto const& s = plan.site;
    auto const& c = s.carriers;
    json::object const gas{{"coefficient", fmt::format("{} kgce/m3", c.gas_kgce_per_m3)},
                           {"lhv", fmt::format("{} MJ/m3", c.gas_lhv_mj_per_m3)}};
    json::object view{{"close_delay", show(std::chrono::milliseconds{plan.model.close_delay_ms})},
                      {"gap_total_max", show(s.gap_total_max)},
                      {"all_loads_metered", s.all_loads_metered},
                      {"onsite_pv", s.count_onsite_pv ? "include" : "exclude"},
                      {"pv_first", s.pv_first},
                      {"electricity", fmt::format("{} kgce/kWh", c.electricity_kgce_per_kwh)},
                      {"natural_gas", gas},
                      {"source", c.source}};
    if (!s.pv_feeder.empty())
        view["pv_feeder"] = s.pv_feeder;
    return view;
}

json::object timing_of(modbus::link_timing const& t)
{
    return {{"connect_timeout", show(t.connect_timeout)},
            {"connect_delay", show(t.connect_delay)},
            {"response_timeout", show(t.response_timeout)},
            {"request_gap", show(t.request_gap)},
            {"unit_gap", show(t.unit_gap)},
            {"idle_close", show(t.idle_close)},
            {"close_after_poll", t.close_after_poll},
            {"max_in_flight", t.max_in_flight},
            {"lenient_transaction_id", t.lenient_transaction_id},
            {"local_echo", t.local_echo}};
}

json::array links_of(control::site_plan const& plan, json::object const& written)
{
    json::array all;
    for (std::size_t i = 0; i < plan.links.size(); ++i) {
        auto const& l = plan.site.links[i];
        if (l.name.empty()) // its device names the URL, and shows the timing
            continue;
        json::object o{{"name", l.name}, {"url", l.address.url()}};
        if (l.fallback)
            o["fallback"] = l.fallback->url();
        o["failing_share"] = l.failing_share;
        o["offline_after"] = l.offline_after;
        o["probe_max"] = show(l.probe_max);
        o["timing"] = timing_of(plan.links[i].timing);
        all.push_back(filled(std::move(o), written_in(written, "link", all.size())));
    }
    return all;
}

json::object point_of(drivers::point const& p)
{
    json::object o{{"name", p.name},
                   {"table", drivers::to_string(p.table)},
                   {"address", p.address},
                   {"type", drivers::to_string(p.type)},
                   {"order", drivers::to_string(p.order)},
                   {"scale", p.scale},
                   {"unit", p.unit},
                   {"poll", drivers::poll_class_names[static_cast<std::size_t>(p.poll)]}};
    if (p.counter)
        o["counter"] = true;
    return o;
}

/// What the device's profile decides, where the site file does not.
void add_profile(json::object& o, poll::polled_device const& polled, bool points)
{
    auto const& what = polled.device.what();
    auto const used = polled.device.classes(); // none of a SunSpec device that was not read yet: it may have all
    json::object periods;
    for (std::size_t c = 0; c < drivers::poll_class_names.size(); ++c)
        if (used.empty() || std::find(used.begin(), used.end(), static_cast<drivers::poll_class>(c)) != used.end())
            periods[drivers::poll_class_names[c]] = show(polled.periods[c]);
    o["unit"] = polled.device.unit();
    o["poll"] = periods;
    o["registers_per_request"] = what.limits.registers_per_request;
    o["retries"] = what.limits.retries;
    if (!points)
        return;
    json::array all;
    for (auto const& p : what.points)
        all.push_back(point_of(p));
    o["points"] = all;
}

json::object device_of(control::site_plan const& plan, settings::device_settings const& d, json::object const& written,
                       bool points)
{
    json::object o{{"name", d.name}};
    for (auto const* key : {"link", "profile"})
        if (auto const* value = written.if_contains(key))
            o[key] = *value;
    o["role"] = to_string(d.what);
    o["sign"] = static_cast<int>(d.sign);
    o["share"] = d.share;
    o["interpolation"] = d.linear ? "linear" : "hold";
    o["gap_shape"] = d.gaps_by_sun ? "pv" : "linear";
    if (d.what == role::fuel)
        o["carrier"] = d.carrier;
    if (d.key)
        o["key"] = true;
    auto const& link = plan.links.at(d.link);
    if (plan.site.links.at(d.link).name.empty())
        o["timing"] = timing_of(link.timing);
    for (auto const& polled : link.devices)
        if (polled.device.name() == d.name)
            add_profile(o, polled, points);
    return o;
}

std::string url_of(bool tls, std::string const& host, std::uint16_t port)
{
    auto const shown = host.find(':') == std::string::npos ? host : '[' + host + ']';
    return fmt::format("{}://{}:{}", tls ? "mqtts" : "mqtt", shown, port);
}

void add_format(json::object& o, settings::mqtt_settings const& m)
{
    o["format"] = m.sparkplug ? "sparkplug" : "json";
    if (!m.sparkplug) {
        o["root"] = m.root;
        if (m.home_assistant.empty())
            o["home_assistant"] = false;
        else
            o["home_assistant"] = m.home_assistant;
        return;
    }
    o["group"] = m.sparkplug->group;
    o["node"] = m.sparkplug->node;
    if (!m.sparkplug->primary_host.empty())
        o["primary_host"] = m.sparkplug->primary_host;
    o["datatype_in_data"] = m.sparkplug->datatype_in_data;
}

json::object sink_of(settings::mqtt_settings const& m)
{
    json::object o{{"name", m.name}, {"url", url_of(m.tls.has_value(), m.host, m.port)}};
    json::array more, publish;
    for (auto const& server : m.fallback)
        more.push_back(json::value(url_of(m.tls.has_value(), server.host, server.port)));
    if (!more.empty())
        o["fallback"] = more;
    add_format(o, m);
    for (auto const& [kind, on] :
         {std::pair{"readings", m.readings}, {"windows", m.windows}, {"kpis", m.kpis}, {"events", m.events}})
        if (on)
            publish.push_back(json::value(kind));
    o["publish"] = publish;
    o["client_id"] = m.client_id;
    o["version"] = m.version == 5 ? "5" : "3.1.1";
    o["keep_alive"] = show(m.keep_alive);
    o["ack_timeout"] = show(m.ack_timeout);
    return o;
}

} // namespace

json::object effective_site(control::site_plan const& plan, bool points)
{
    auto const& s = plan.site;
    auto written = s.written ? json::parse(s.written->as_json(settings::shown_secret)).as_object() : json::object{};
    written.erase("include"); // its files are in here
    json::object all{{"schema", 1},
                     {"site", filled(site_of(s), written_in(written, "site"))},
                     {"journal", filled(journal_of(s.journal), written_in(written, "journal"))},
                     {"energy", filled(energy_of(plan), written_in(written, "energy"))}};
    if (!s.profile_folders.empty())
        all["profiles"] = json::object{{"folders", json::value_from(s.profile_folders)}};
    if (auto links = links_of(plan, written); !links.empty())
        all["link"] = std::move(links);
    json::array devices, sinks;
    for (std::size_t i = 0; i < s.devices.size(); ++i) {
        auto const as_written = written_in(written, "device", i);
        devices.push_back(filled(device_of(plan, s.devices[i], as_written, points), as_written));
    }
    for (std::size_t i = 0; i < s.mqtt.size(); ++i)
        sinks.push_back(filled(sink_of(s.mqtt[i]), written_in(written, "mqtt", i)));
    all["device"] = std::move(devices);
    if (!sinks.empty())
        all["mqtt"] = std::move(sinks);
    return filled(std::move(all), written);
}

} // namespace kilnwatt::cli
