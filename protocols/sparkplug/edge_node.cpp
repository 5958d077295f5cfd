#include "protocols/sparkplug/edge_node.hpp"

#include "protocols/sparkplug/command.hpp"

#include <algorithm>
#include <utility>

namespace kilnwatt::sparkplug {
namespace {

constexpr int counter_end = 256; ///< bdSeq and seq run from 0 to 255

std::string lower(std::string_view name)
{
    std::string l{name};
    std::transform(l.begin(), l.end(), l.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return l;
}

bool same_meaning(sample const& a, sample const& b)
{
    return a.value == b.value && a.properties == b.properties;
}

} // namespace

edge_node::edge_node(options o, std::optional<int> last_bd_seq) : options_{std::move(o)}, bd_seq_{last_bd_seq}
{
    units_[""].alive = true;
}

publication edge_node::will()
{
    if (!std::exchange(bd_seq_unused_, false))
        bd_seq_ = bd_seq_ ? (*bd_seq_ + 1) % counter_end : 0;
    payload p;
    p.metrics.push_back(
        {.name = "bdSeq", .type = static_cast<std::uint32_t>(datatype::int64), .value = std::int64_t{*bd_seq_}});
    return {topic(options_.who, "NDEATH"), encode(p)};
}

void edge_node::never_left()
{
    bd_seq_unused_ = true;
}

void edge_node::connected()
{
    disconnected();
    births_due_ = true;
    last_birth_.reset();
}

void edge_node::disconnected()
{
    node_born_ = births_due_ = false;
    for (auto& [device, u] : units_)
        u.born = false;
}

bool edge_node::define(std::string const& device, definition const& d)
{
    auto& u = units_[device];
    auto const known = u.index.find(lower(d.name));
    if (known != u.index.end())
        return u.metrics[known->second].what.name == d.name;
    if (u.metrics.size() >= metrics_max || d.name.empty() || d.name == rebirth_name || d.name == "bdSeq")
        return false;
    u.index.emplace(lower(d.name), u.metrics.size());
    u.metrics.push_back({d, next_alias_++, {}, {}});
    u.outdated = true;
    return true;
}

edge_node::entry* edge_node::find(std::string const& device, std::string const& name)
{
    auto const u = units_.find(device);
    if (u == units_.end())
        return nullptr;
    auto const at = u->second.index.find(lower(name));
    return at == u->second.index.end() ? nullptr : &u->second.metrics[at->second];
}

void edge_node::update(std::string const& device, sample const& s)
{
    if (auto* e = find(device, s.name); e && (!e->current || s.time >= e->current->time))
        e->current = s;
}

void edge_node::set_alive(std::string const& device, bool alive)
{
    units_[device].alive = alive;
}

bool edge_node::alive(std::string const& device) const
{
    auto const u = units_.find(device);
    return u != units_.end() && u->second.alive;
}

bool edge_node::due() const
{
    return births_due_ || std::any_of(units_.begin(), units_.end(),
                                      [](auto const& u) { return wants_birth(u.second) || wants_death(u.second); });
}

std::chrono::milliseconds edge_node::wait(steady_time now) const
{
    bool const whole = births_due_ || units_.at("").outdated;
    if (!whole || !last_birth_ || now >= *last_birth_ + birth_pause)
        return {};
    return std::chrono::ceil<std::chrono::milliseconds>(*last_birth_ + birth_pause - now);
}

std::optional<publication> edge_node::next_due(steady_time now, utc_time utc)
{
    if (births_due_ || (node_born_ && units_.at("").outdated)) {
        if (wait(now).count() > 0)
            return std::nullopt;
        return node_birth(now, utc);
    }
    if (!node_born_)
        return std::nullopt;
    for (auto& [device, u] : units_)
        if (wants_birth(u))
            return device_birth(device, u, utc);
    for (auto& [device, u] : units_)
        if (wants_death(u))
            return device_death(device, u, utc);
    return std::nullopt;
}

metric edge_node::declared(entry& e, utc_time utc) const
{
    metric m{.name = e.what.name, .alias = e.alias, .type = static_cast<std::uint32_t>(e.what.type)};
    m.timestamp = e.current ? e.current->time : utc;
    if (e.current)
        m.value = e.current->value;
    e.sent = e.current;
    if (!options_.properties)
        return m;
    if (!e.what.unit.empty())
        m.properties.push_back({"engUnit", e.what.unit});
    if (e.current)
        m.properties.insert(m.properties.end(), e.current->properties.begin(), e.current->properties.end());
    return m;
}

/// In the order of time, as the values of a payload have to be.
std::vector<metric> edge_node::declared(unit& u, utc_time utc) const
{
    std::vector<metric> all;
    all.reserve(u.metrics.size());
    for (auto& e : u.metrics)
        all.push_back(declared(e, utc));
    std::stable_sort(all.begin(), all.end(), [](auto const& a, auto const& b) { return a.timestamp < b.timestamp; });
    u.born = true;
    u.outdated = false;
    return all;
}

metric edge_node::bd_seq_metric(utc_time utc) const
{
    return {.name = "bdSeq",
            .timestamp = utc,
            .type = static_cast<std::uint32_t>(datatype::int64),
            .value = std::int64_t{bd_seq_.value_or(0)}};
}

publication edge_node::node_birth(steady_time now, utc_time utc)
{
    disconnected(); // every device is born again
    node_born_ = true;
    last_birth_ = now;
    seq_ = 0;
    payload p;
    p.metrics = declared(units_.at(""), utc);
    p.metrics.push_back(bd_seq_metric(utc));
    p.metrics.push_back({.name = std::string{rebirth_name},
                         .timestamp = utc,
                         .type = static_cast<std::uint32_t>(datatype::boolean),
                         .value = false});
    p.timestamp = utc;
    return numbered("NBIRTH", "", std::move(p));
}

publication edge_node::device_birth(std::string const& device, unit& u, utc_time utc)
{
    payload p;
    p.metrics = declared(u, utc);
    p.timestamp = utc;
    return numbered("DBIRTH", device, std::move(p));
}

publication edge_node::device_death(std::string const& device, unit& u, utc_time utc)
{
    u.born = false;
    payload p;
    p.timestamp = utc;
    return numbered("DDEATH", device, std::move(p));
}

publication edge_node::numbered(std::string_view verb, std::string const& device, payload p)
{
    p.seq = seq_;
    seq_ = (seq_ + 1) % counter_end;
    return {topic(options_.who, verb, device), encode(p)};
}

std::optional<publication> edge_node::data(std::string const& device, std::vector<sample> const& samples,
                                           bool historical, utc_time utc)
{
    payload p;
    for (auto const& s : samples) {
        auto* e = find(device, s.name);
        if (!e)
            continue;
        bool const late = historical || (e->sent && s.time < e->sent->time);
        if (!late && e->sent && same_meaning(*e->sent, s))
            continue;
        metric m{.alias = e->alias, .timestamp = s.time, .historical = late, .value = s.value};
        if (options_.datatype_in_data)
            m.type = static_cast<std::uint32_t>(e->what.type);
        if (options_.properties)
            m.properties = s.properties;
        p.metrics.push_back(std::move(m));
        if (!late)
            e->sent = s;
    }
    if (p.metrics.empty())
        return std::nullopt;
    p.timestamp = utc;
    return numbered(device.empty() ? "NDATA" : "DDATA", device, std::move(p));
}

std::vector<publication> edge_node::farewell(utc_time utc)
{
    std::vector<publication> last;
    if (!node_born_)
        return last;
    for (auto& [device, u] : units_)
        if (!device.empty() && u.born)
            last.push_back(device_death(device, u, utc));
    payload p;
    p.timestamp = utc;
    p.metrics.push_back(bd_seq_metric(utc));
    last.push_back({topic(options_.who, "NDEATH"), encode(p)});
    disconnected();
    return last;
}

} // namespace kilnwatt::sparkplug
