#include "agent/settings/name_rules.hpp"
#include "agent/settings/sections.hpp"
#include "core/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kilnwatt::settings {
namespace {

using namespace std::chrono_literals;

constexpr auto no_link = static_cast<std::size_t>(-1); ///< what is wrong with it is noted

void read_name(config::table& t, device_settings& d, name_register& names)
{
    d.name = names.take(t);
    refuse_reserved(t, d.name);
}

void read_address(config::table& t, device_settings& d, link_book& links)
{
    t.require("link", "name a [[link]], or write a URL such as tcp://192.0.2.7");
    auto const link = links.find(t);
    d.link = link.value_or(no_link);
    auto const any = !link || links.at(*link).address.kind == link_kind::tcp;
    if (auto const unit = t.integer("unit", any ? 0 : 1, any ? 255 : 247))
        d.unit = static_cast<int>(*unit);
}

void read_points_source(config::table& t, device_settings& d)
{
    d.profile_at = t.where("profile");
    d.profile = t.text("profile").value_or("");
    auto const inline_points = t.has("points");
    if (inline_points && t.has("profile"))
        t.complain("points", "stands beside profile", "keep one of the two");
    else if (!inline_points)
        t.require("profile", "name one, for example \"sunspec\", or list the points inline");
    if (!inline_points)
        return;
    if (t.children("points").empty())
        t.complain("points", "lists no point");
    d.points_owner = t;
}

/// How the device differs from its profile; points and names are checked where the profile is known.
void read_changes(config::table& t, device_settings& d)
{
    constexpr double ratio_max = 100'000.0;
    constexpr int parts_max = 128;
    if (auto ratio = t.child("ratio")) {
        d.current_ratio = ratio->number("current", 1.0 / ratio_max, ratio_max).value_or(1.0);
        d.voltage_ratio = ratio->number("voltage", 1.0 / ratio_max, ratio_max).value_or(1.0);
        ratio->refuse_unknown();
    }
    d.part = static_cast<int>(t.integer("part", 1, parts_max).value_or(0));
    auto const overrides = !t.children("override").empty();
    auto const additions = !t.children("add_points").empty();
    if ((overrides || additions) && t.has("points"))
        t.complain(overrides ? "override" : "add_points", "changes a profile, but this device lists its points itself",
                   "change them in points");
    else if (overrides || additions || d.part != 0)
        d.changes_owner = t;
}

void read_role(config::table& t, device_settings& d)
{
    std::vector<std::string_view> const names{role_names().begin(), role_names().end()};
    auto const what = t.choice("role", names);
    d.what = what ? role_from_string(*what).value_or(role::none) : role::none;
    d.key = t.boolean("key").value_or(false);
    auto const wrong_role = t.has("role") && !what; // is noted already
    auto const consumes =
        d.what == role::load || d.what == role::motor || d.what == role::kiln || d.what == role::boiler;
    if (d.key && !consumes && !wrong_role)
        t.complain("key", fmt::format("marks a device with role '{}', but key equipment consumes", to_string(d.what)),
                   "key equipment has role 'load', 'motor', 'kiln' or 'boiler'");
}

void read_place(config::table& t, device_settings& d, bool located)
{
    d.meter = t.text("meter").value_or("");
    if (t.has("meter") && d.meter.empty())
        t.complain("meter", "names no device", "leave it out for a device at the top");
    d.share = t.number("share", 0.0, 1.0).value_or(d.share);
    auto const sign = t.number("sign");
    if (sign && *sign != 1.0 && *sign != -1.0)
        t.complain("sign", fmt::format("is {}, but must be 1 or -1", *sign));
    else
        d.sign = sign.value_or(d.sign);
    d.linear = t.choice("interpolation", {"hold", "linear"}).value_or("hold") == "linear";
    d.gaps_by_sun = t.choice("gap_shape", {"linear", "pv"}).value_or("linear") == "pv";
    if (d.gaps_by_sun && d.what != role::pv)
        t.complain("gap_shape", fmt::format("is 'pv', but the device has role '{}'", to_string(d.what)),
                   "only what an inverter counts comes with the sun");
    else if (d.gaps_by_sun && !located)
        t.complain("gap_shape", "is 'pv', but where the sun stands is not known", "write [site.location]");
}

void read_poll(config::table& t, device_settings& d)
{
    auto poll = t.child("poll");
    if (!poll)
        return;
    for (auto const name : poll_classes)
        if (auto const period = poll->duration(name, 10ms, 24h))
            d.poll[std::string{name}] = *period;
    poll->refuse_unknown();
}

void read_requests(config::table& t, device_settings& d)
{
    if (auto const n = t.integer("registers_per_request", 1, registers_max))
        d.registers_per_request = static_cast<int>(*n);
    if (auto const n = t.integer("retries", 0, retries_max))
        d.retries = static_cast<int>(*n);
}

} // namespace

std::vector<config::table> read_device_sections(config::table& root, site& s, link_book& links)
{
    name_register names{"device"};
    root.require("device", "write a [[device]] for each device to read");
    auto tables = root.children("device");
    if (tables.size() > devices_max) {
        root.complain("device", fmt::format("is given {} times, but one agent reads at most {} devices", tables.size(),
                                            devices_max));
        tables.erase(tables.begin() + devices_max, tables.end());
    }
    for (auto& t : tables) {
        device_settings d;
        d.at = t.where();
        read_name(t, d, names);
        read_address(t, d, links);
        read_points_source(t, d);
        read_changes(t, d);
        read_role(t, d);
        read_place(t, d, s.location.has_value());
        read_poll(t, d);
        read_plates(t, d);
        d.timing = read_timing(t);
        read_requests(t, d);
        t.refuse_unknown();
        s.devices.push_back(std::move(d));
    }
    return tables;
}

} // namespace kilnwatt::settings
