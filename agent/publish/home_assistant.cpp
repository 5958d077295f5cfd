#include "agent/publish/home_assistant.hpp"

#include "agent/publish/home_assistant_class.hpp"
#include "agent/publish/json_writer.hpp"
#include "agent/publish/message.hpp"

#include <algorithm>

namespace kilnwatt::publish {
namespace {

/// As an id of Home Assistant: letters, digits, _ and -.
std::string as_id(std::string_view text)
{
    std::string id{text};
    std::replace_if(
        id.begin(), id.end(),
        [](char c) {
            bool const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            return !letter && !(c >= '0' && c <= '9') && c != '-';
        },
        '_');
    return id;
}

/// "active_power_l1" as "Active power L1".
std::string spoken(std::string_view point)
{
    std::string words{point};
    std::replace_if(
        words.begin(), words.end(), [](char c) { return c == '_' || c == '.'; }, ' ');
    if (!words.empty() && words[0] >= 'a' && words[0] <= 'z')
        words[0] = static_cast<char>(words[0] - 'a' + 'A');
    for (std::size_t at = words.find(" l"); at != std::string::npos; at = words.find(" l", at + 1))
        if (at + 2 < words.size() && words[at + 2] >= '1' && words[at + 2] <= '3')
            words[at + 1] = 'L';
    return words;
}

void write_template(json_writer& out, point_entry const& p)
{
    auto const key = p.states.empty() ? p.name : p.name + "_text";
    out.member("value_template", "{{ value_json.get('" + key + "') }}"); // what is not there is None: unknown
}

void write_options(json_writer& out, point_entry const& p)
{
    out.key("options");
    out.begin_array();
    std::set<std::string_view> said;
    for (auto const& [number, text] : p.states)
        if (said.insert(text).second)
            out.value(text);
    out.end_array();
}

void write_sensor(json_writer& out, point_entry const& p, std::string const& unique_id, device_entry const& d)
{
    auto const c = sensor_class_of(p);
    out.begin_object();
    out.member("platform", "sensor");
    out.member("unique_id", unique_id);
    out.member("name", spoken(p.name));
    write_template(out, p);
    if (!c.device_class.empty())
        out.member("device_class", c.device_class);
    if (!c.state_class.empty())
        out.member("state_class", c.state_class);
    if (!c.unit.empty())
        out.member("unit_of_measurement", c.unit);
    if (c.precision)
        out.member("suggested_display_precision", *c.precision);
    if (!p.states.empty())
        write_options(out, p);
    if (d.state_expiry && !p.counter) // a counter keeps its last value; a power of an hour ago is none
        out.member("expire_after", d.state_expiry->count());
    out.end_object();
}

void write_removed(json_writer& out)
{
    out.begin_object();
    out.member("platform", "sensor");
    out.end_object();
}

void write_availability(json_writer& out, std::string const& root, std::string const& device_topic)
{
    out.key("availability");
    out.begin_array();
    out.begin_object();
    out.member("topic", root + "/status");
    out.end_object();
    out.begin_object();
    out.member("topic", device_topic + "/availability");
    out.member("value_template", "{{ 'offline' if value == 'offline' else 'online' }}"); // asleep is no fault
    out.end_object();
    out.end_array();
    out.member("availability_mode", "all");
}

} // namespace

home_assistant::home_assistant(std::string prefix, std::string root, std::string agent_version)
    : prefix_{std::move(prefix)}, root_{std::move(root)}, agent_version_{std::move(agent_version)}
{}

std::string home_assistant::object_id(std::string_view device) const
{
    return as_id(root_ + '/' + std::string{device});
}

std::string home_assistant::config_topic(std::string_view device) const
{
    return prefix_ + "/device/" + object_id(device) + "/config";
}

std::set<std::string> home_assistant::sensor_ids(device_entry const& d)
{
    std::set<std::string> ids;
    for (auto const& p : d.points)
        ids.insert(as_id(p.name));
    return ids;
}

std::string home_assistant::config(device_entry const& d, std::set<std::string> const& gone) const
{
    auto const id = object_id(d.name);
    auto const topic = root_ + '/' + topic_level(d.name);
    json_writer out;
    out.begin_object();
    out.key("device");
    out.begin_object();
    out.key("identifiers");
    out.begin_array();
    out.value(id);
    out.end_array();
    out.member("name", d.name);
    if (!d.model.empty())
        out.member("model", d.model);
    out.end_object();
    out.key("origin");
    out.begin_object();
    out.member("name", "Kilnwatt");
    out.member("sw_version", agent_version_);
    out.end_object();
    out.member("state_topic", topic + "/state");
    write_availability(out, root_, topic);
    out.member("qos", 1);
    out.key("components");
    out.begin_object();
    for (auto const& p : d.points) {
        out.key(as_id(p.name));
        write_sensor(out, p, id + '_' + as_id(p.name), d);
    }
    for (auto const& old : gone) {
        out.key(old);
        write_removed(out);
    }
    out.end_object();
    out.end_object();
    return out.take();
}

} // namespace kilnwatt::publish
