#include "agent/publish/agent_payload.hpp"

#include "agent/publish/json_writer.hpp"
#include "agent/publish/record_payload.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kilnwatt::publish {
namespace {

void write_states(json_writer& out, std::vector<point_entry> const& points)
{
    if (std::none_of(points.begin(), points.end(), [](auto const& p) { return !p.states.empty(); }))
        return;
    out.key("states");
    out.begin_object();
    for (auto const& p : points) {
        if (p.states.empty())
            continue;
        out.key(p.name);
        out.begin_object();
        for (auto const& [number, text] : p.states)
            out.member(fmt::format_int{number}.c_str(), text);
        out.end_object();
    }
    out.end_object();
}

void write_counters(json_writer& out, std::vector<point_entry> const& points)
{
    if (std::none_of(points.begin(), points.end(), [](auto const& p) { return p.counter; }))
        return;
    out.key("counters");
    out.begin_array();
    for (auto const& p : points)
        if (p.counter)
            out.value(p.name);
    out.end_array();
}

void write_device(json_writer& out, device_entry const& d)
{
    out.begin_object();
    out.member("id", d.name);
    out.member("model", d.model);
    if (!d.role.empty())
        out.member("role", d.role);
    out.key("points");
    out.begin_object();
    for (auto const& p : d.points)
        out.member(p.name, p.unit);
    out.end_object();
    write_counters(out, d.points);
    write_states(out, d.points);
    out.end_object();
}

void write(json_writer& out, device_ledger const& d)
{
    out.member("device", d.device);
    out.member("read", d.read);
    out.member("stored", d.stored);
    out.member("unstored", d.unstored);
    out.member("published", d.published);
    out.member("acknowledged", d.acknowledged);
    out.member("dropped", d.dropped);
}

void write(json_writer& out, link_health const& l)
{
    out.member("name", l.name);
    out.member("connected", l.connected);
    out.member("requests", l.requests);
    out.member("failures", l.failures);
    if (!l.last_error.empty())
        out.member("last_error", l.last_error);
}

void write(json_writer& out, sink_health const& s)
{
    out.member("name", s.name);
    out.member("connected", s.connected);
    out.member("backlog", s.backlog);
    out.member("published", s.published);
    out.member("acknowledged", s.acknowledged);
    out.member("resent", s.resent);
    out.member("refused", s.refused);
    out.member("dropped", s.dropped);
}

template <class T>
void write_list(json_writer& out, std::string_view name, std::vector<T> const& items)
{
    out.key(name);
    out.begin_array();
    for (auto const& item : items) {
        out.begin_object();
        write(out, item);
        out.end_object();
    }
    out.end_array();
}

} // namespace

std::string_view to_string(availability a) noexcept
{
    switch (a) {
    case availability::offline:
        return "offline";
    case availability::asleep:
        return "asleep";
    case availability::online:
        return "online";
    }
    return "offline";
}

std::string info_payload(agent_identity const& who, device_catalogue const& devices)
{
    json_writer out;
    out.begin_object();
    out.member("v", payload_version);
    out.member("agent", "kilnwatt");
    out.member("version", who.version);
    out.member("started", who.started);
    out.member("epoch", who.epoch);
    out.key("devices");
    out.begin_array();
    for (auto const& d : devices)
        write_device(out, d);
    out.end_array();
    out.end_object();
    return out.take();
}

std::string health_payload(agent_health const& h)
{
    json_writer out;
    out.begin_object();
    out.member("v", payload_version);
    out.member("ts", h.time);
    out.member("uptime_s", h.uptime_s);
    write_list(out, "devices", h.devices);
    write_list(out, "links", h.links);
    write_list(out, "sinks", h.sinks);
    out.key("journal");
    out.begin_object();
    out.member("writing", h.journal.writing);
    out.member("bytes", h.journal.bytes);
    out.member("oldest", h.journal.oldest);
    out.member("head", h.journal.head);
    out.end_object();
    out.key("clock");
    out.begin_object();
    out.member("trusted", h.clock.trusted);
    out.end_object();
    out.end_object();
    return out.take();
}

} // namespace kilnwatt::publish
