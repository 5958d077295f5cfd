#include "agent/settings/name_rules.hpp"
#include "agent/settings/sections.hpp"
#include "core/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kilnwatt::settings {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t productions_max = 64;
constexpr std::size_t key_max = 128;

void read_broker(config::table& t, production_settings& p, site const& s)
{
    if (!t.require("broker", "the name of a [[mqtt]]"))
        return;
    auto const name = t.text("broker").value_or("");
    auto const hit = std::find_if(s.mqtt.begin(), s.mqtt.end(), [&](mqtt_settings const& m) { return m.name == name; });
    if (hit != s.mqtt.end()) {
        p.broker = static_cast<std::size_t>(hit - s.mqtt.begin());
        return;
    }
    std::vector<std::string_view> names;
    for (auto const& m : s.mqtt)
        names.push_back(m.name);
    auto const near = nearest(name, names, 1);
    t.complain("broker", fmt::format("there is no [[mqtt]] '{}'", name),
               near.empty() ? "name the sink whose broker has the topic"
                            : fmt::format("did you mean '{}'?", near.front()));
}

void read_topic(config::table& t, production_settings& p, site const& s)
{
    t.require("topic", "where it is published, for example \"mes/line-1/total\"");
    p.topic = t.text("topic").value_or("");
    if (p.topic.find_first_of("+#") != std::string::npos)
        t.complain("topic", "has a wildcard", "name one topic; write a [[production]] for each");
    p.value = t.text("value").value_or("");
    if (p.value.size() > key_max)
        t.complain("value", fmt::format("is longer than {} bytes", key_max));
    auto const twin = std::find_if(s.productions.begin(), s.productions.end(), [&](production_settings const& x) {
        return x.broker == p.broker && x.topic == p.topic && x.value == p.value && !p.topic.empty();
    });
    if (twin != s.productions.end())
        t.complain("topic", fmt::format("is that of '{}' already", twin->name),
                   "the same product would count twice; keep one of the two");
}

void read_unit(config::table& t, production_settings& p)
{
    t.require("unit", "\"t\", \"kg\", \"m2\" or \"piece\"");
    auto const unit = t.choice("unit", {"t", "kg", "m2", "piece"}).value_or("t");
    p.point = unit == "piece" ? "production_count" : unit == "m2" ? "production_area" : "production_mass";
    p.factor = unit == "kg" ? 1e-3 : 1.0;
}

} // namespace

void read_production_sections(config::table& root, site& s)
{
    name_register names{"production"};
    auto tables = root.children("production");
    if (tables.size() > productions_max)
        root.complain("production",
                      fmt::format("stands {} times, but at most {} are read", tables.size(), productions_max));
    for (auto& t : tables) {
        production_settings p;
        p.at = t.where();
        p.name = names.take(t);
        refuse_reserved(t, p.name);
        if (std::any_of(s.devices.begin(), s.devices.end(), [&](auto const& d) { return d.name == p.name; }))
            t.complain("name", fmt::format("'{}' is a device", p.name), "its readings would mix; choose another name");
        read_broker(t, p, s);
        read_topic(t, p, s);
        read_unit(t, p);
        p.rated_mass_flow = read_rated_output(t, "rated");
        if (p.rated_mass_flow > 0 && p.point != "production_mass")
            t.complain("rated", "is a mass an hour, but unit is no mass", "leave it out, or count in t or kg");
        p.increments = t.choice("message", {"total", "increment"}).value_or("total") == "increment";
        p.stale_after = t.duration("stale_after", 10s, 30 * 24h).value_or(1h);
        t.refuse_unknown();
        s.productions.push_back(std::move(p));
    }
}

} // namespace kilnwatt::settings
