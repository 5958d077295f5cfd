#include "agent/cli/live_view.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace kilnwatt::cli {
namespace {

namespace json = boost::json;
using std::chrono::duration;

struct figure {
    std::string_view label;
    std::string_view metric;
    int decimals;
};

constexpr std::array figures{
    figure{"PV power", "pv.p", 1},
    figure{"Grid import", "grid.p", 1},
    figure{"Battery power", "bat.p", 1},
    figure{"Load", "load.p", 1},
    figure{"Self-consumption", "pv.self_consumption", 1},
    figure{"PV-first share of key equipment", "site.pv_first", 1},
    figure{"Waste heat recovered", "heat.p", 1},
    figure{"Motor efficiency", "motor.eta", 2},
    figure{"Energy per tonne", "tce.unit", 2},
    figure{"CO2 per tonne", "co2.unit", 1},
};

struct lead_value {
    std::string_view point;
    double factor;
    std::string_view unit;
};

/// The point that says most about a device, in this order.
constexpr std::array lead_values{
    lead_value{"active_power", 1e-3, "kW"},    lead_value{"thermal_power", 1e-3, "kW"},
    lead_value{"output_power", 1e-3, "kW"},    lead_value{"process_temperature", 1, "degC"},
    lead_value{"irradiance", 1, "W/m2"},       lead_value{"steam_mass_flow", 1e-3, "t/h"},
    lead_value{"fuel_volume_flow", 1, "m3/h"}, lead_value{"production_mass", 1, "t"},
};

std::optional<double> number(json::value const* v)
{
    if (v == nullptr || !v->is_number())
        return std::nullopt;
    return v->to_number<double>();
}

std::string text_of(json::object const& o, std::string_view key, std::string fallback)
{
    auto const* v = o.if_contains(key);
    return v != nullptr && v->is_string() ? std::string{v->get_string()} : std::move(fallback);
}

std::string age_text(live_view::time_point seen, live_view::time_point now)
{
    if (seen == live_view::time_point{})
        return "never";
    return fmt::format("{:.1f} s", duration<double>(now - seen).count());
}

std::string lead_text(json::object const& state)
{
    for (auto const& l : lead_values)
        if (auto const* v = state.if_contains(l.point)) {
            if (auto const n = number(v))
                return fmt::format("{:>10.2f} {}", *n * l.factor, l.unit);
            return fmt::format("{:>10} {}", "-", l.unit);
        }
    return fmt::format("{:>10}", "-");
}

/// Quality of the value shown; behind it how many other points are not good.
std::string quality_text(json::object const& state)
{
    if (state.empty())
        return "-";
    auto const* q = state.if_contains("quality");
    auto const* listed = q != nullptr ? q->if_object() : nullptr;
    if (listed == nullptr || listed->empty())
        return "good";
    std::string lead = "good";
    for (auto const& l : lead_values)
        if (state.contains(l.point)) {
            lead = text_of(*listed, l.point, "good");
            break;
        }
    auto const others = listed->size() - (lead == "good" ? 0 : 1);
    return others == 0 ? lead : fmt::format("{} ({} points not)", lead, others);
}

} // namespace

live_view::live_view(std::string root, std::vector<std::string> devices)
    : root_{std::move(root) + "/"}, order_{std::move(devices)}
{
    for (auto const& d : order_)
        devices_[d];
}

void live_view::on_message(std::string_view topic, std::string_view payload, time_point now)
{
    if (topic.substr(0, root_.size()) != root_) {
        ++strangers_;
        return;
    }
    topic.remove_prefix(root_.size());
    if (topic == "status") {
        agent_ = payload;
        return;
    }
    auto const slash = topic.find('/');
    auto const head = topic.substr(0, slash);
    auto const tail = slash == std::string_view::npos ? std::string_view{} : topic.substr(slash + 1);
    auto const known = devices_.find(head);
    if (known != devices_.end() && tail == "availability") {
        known->second.availability = payload;
        return;
    }
    json::error_code error;
    auto const parsed = json::parse(json::string_view{payload.data(), payload.size()}, error);
    if (error || !parsed.is_object()) {
        ++strangers_;
        return;
    }
    auto const& object = parsed.get_object();
    if (known != devices_.end()) {
        ++known->second.messages;
        if (tail != "state")
            return;
        known->second.state = object;
        known->second.seen = now;
    } else if (head == "kpi" && tail == "PT1M") {
        auto const* metrics = object.if_contains("metrics");
        if (metrics == nullptr || !metrics->is_object())
            return;
        auto const* start = object.if_contains("start");
        auto const begins = start != nullptr && start->is_int64() ? start->get_int64() : window_start_;
        if (begins < window_start_)
            return; // an older window, told again with what came late
        metrics_ = metrics->get_object();
        metrics_seen_ = now;
        window_start_ = begins;
    } else if (head == "health") {
        health_ = object;
    }
}

std::vector<std::string> live_view::table(time_point now) const
{
    std::vector<std::string> lines;
    auto const minute = window_start_ / 60'000 % 1440;
    auto const window =
        window_start_ == 0 ? std::string{"none yet"} : fmt::format("{:02}:{:02} UTC", minute / 60, minute % 60);
    lines.push_back(fmt::format("Agent {}   window {}", agent_, window));
    lines.push_back(fmt::format("{:<34}{:>14} {:<8}{:<28}{:>8}", "PLANT", "value", "unit", "quality", "age"));
    for (auto const& f : figures) {
        auto const* m = metrics_.if_contains(f.metric);
        auto const* o = m != nullptr ? m->if_object() : nullptr;
        auto const value = o != nullptr ? number(o->if_contains("value")) : std::nullopt;
        lines.push_back(fmt::format("{:<34}{:>14} {:<8}{:<28}{:>8}", f.label,
                                    value ? fmt::format("{:.{}f}", *value, f.decimals) : "-",
                                    o != nullptr ? text_of(*o, "unit", "") : "",
                                    o != nullptr ? text_of(*o, "quality", "-") : "-", age_text(metrics_seen_, now)));
    }
    lines.emplace_back();
    lines.push_back(
        fmt::format("{:<22}{:<14}{:<18}{:<32}{:>8}", "DEVICE", "availability", "     value", "quality", "age"));
    for (auto const& name : order_) {
        auto const& d = devices_.find(name)->second;
        lines.push_back(fmt::format("{:<22}{:<14}{:<18}{:<32}{:>8}", name, d.availability, lead_text(d.state),
                                    quality_text(d.state), age_text(d.seen, now)));
    }
    return lines;
}

std::vector<std::string> live_view::summary() const
{
    std::vector<std::string> lines{
        fmt::format("{:<22}{:>10}{:>10}{:>11}{:>14}", "DEVICE", "read", "stored", "published", "acknowledged")};
    std::map<std::string, json::object const*> ledger;
    if (auto const* entries = health_.if_contains("devices"); entries != nullptr && entries->is_array())
        for (auto const& entry : entries->get_array())
            if (auto const* o = entry.if_object())
                ledger[text_of(*o, "device", "")] = o;
    for (auto const& name : order_) {
        auto const known = ledger.find(name);
        auto const* o = known != ledger.end() ? known->second : nullptr;
        auto const count = [&](std::string_view key) {
            auto const n = o != nullptr ? number(o->if_contains(key)) : std::nullopt;
            return n ? fmt::format("{:.0f}", *n) : std::string{"-"};
        };
        lines.push_back(fmt::format("{:<22}{:>10}{:>10}{:>11}{:>14}", name, count("read"), count("stored"),
                                    count("published"), count("acknowledged")));
    }
    return lines;
}

std::vector<std::string> live_view::stale(time_point now, std::chrono::seconds age) const
{
    std::vector<std::string> reasons;
    if (agent_ != "online")
        reasons.push_back("the agent is " + agent_);
    for (auto const& name : order_) {
        auto const& d = devices_.find(name)->second;
        if (d.availability != "online")
            reasons.push_back(name + " is " + d.availability);
        else if (d.seen == time_point{} || now - d.seen > age)
            reasons.push_back(name + ": last figures " + age_text(d.seen, now) + " ago");
    }
    for (auto const& f : figures) {
        auto const* m = metrics_.if_contains(f.metric);
        auto const* o = m != nullptr ? m->if_object() : nullptr;
        if (o == nullptr || !number(o->if_contains("value")))
            reasons.push_back("no figure " + std::string{f.metric});
    }
    if (metrics_seen_ == time_point{} || now - metrics_seen_ > std::max(age, std::chrono::seconds{90}))
        reasons.push_back("plant figures are " + age_text(metrics_seen_, now) + " old");
    return reasons;
}

} // namespace kilnwatt::cli
