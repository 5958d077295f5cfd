#include "agent/publish/snapshots.hpp"

namespace kilnwatt::publish {

snapshots::snapshots(options o, device_catalogue devices, retained_book left)
    : options_{std::move(o)}, devices_{std::move(devices)}, book_{std::move(left)}
{
    for (auto const what : {topic::status, topic::info, topic::health})
        own_.emplace(topic_of(what, 0), item{what});
    entries_.resize(devices_.size());
    for (std::size_t i = 0; i < devices_.size(); ++i) {
        index_.emplace(devices_[i].name, i);
        entries_[i].complete = !devices_[i].points.empty();
        join(i);
    }
    for (auto& name : book_.topics())
        if (own_.count(name) == 0)
            old_.push_back(std::move(name));
}

void snapshots::join(std::size_t device)
{
    for (auto const what : {topic::availability, topic::state})
        own_.emplace(topic_of(what, device), item{what, device});
    if (options_.discovery)
        own_.emplace(topic_of(topic::discovery, device), item{topic::discovery, device});
}

void snapshots::greet()
{
    due_.clear();
    waiting_.clear();
    push({topic::status});
    push({topic::info});
    for (std::size_t i = 0; i < devices_.size(); ++i)
        push_device(i);
    for (std::size_t i = 0; i < old_.size(); ++i)
        if (own_.count(old_[i]) == 0) // a device may have come back
            push({topic::old, i});
    if (health_)
        push({topic::health});
    greeting_ = due_.size();
}

void snapshots::announce()
{
    for (std::size_t i = 0; i < devices_.size(); ++i)
        push_device(i);
}

void snapshots::push_device(std::size_t device)
{
    if (options_.discovery && !devices_[device].points.empty())
        push({topic::discovery, device});
    push({topic::availability, device});
    if (!entries_[device].state.empty())
        push({topic::state, device});
}

void snapshots::fold(row const& reading, bool stored)
{
    auto const i = index_of(reading.layout->device);
    auto& state = entries_[i].state;
    if (!state.knows(*reading.layout)) {
        if (devices_[i].model.empty())
            devices_[i].model = reading.layout->source;
        if (devices_[i].learn(*reading.layout)) {
            push({topic::info});
            if (options_.discovery)
                push({topic::discovery, i});
        }
    }
    state.fold(reading, stored);
    push({topic::state, i});
}

void snapshots::set_availability(std::string const& device, availability a)
{
    auto const i = index_of(device);
    if (entries_[i].now == a)
        return;
    entries_[i].now = a;
    push({topic::availability, i});
}

void snapshots::set_health(agent_health h)
{
    health_ = std::move(h);
    push({topic::health});
}

std::optional<message> snapshots::next()
{
    if (due_.empty())
        return std::nullopt;
    auto const i = due_.front();
    due_.pop_front();
    waiting_.erase(i);
    if (greeting_ > 0)
        --greeting_;
    return make(i);
}

/// What was cleared is forgotten, and so are the sensors that a discovery message has taken away.
void snapshots::told(std::string const& topic_name)
{
    auto const own = own_.find(topic_name);
    if (own == own_.end())
        book_.drop(topic_name);
    else if (own->second.what == topic::discovery && entries_[own->second.index].complete)
        book_.keep_only(topic_name, home_assistant::sensor_ids(devices_[own->second.index]));
}

message snapshots::status(std::string const& root, std::string_view word)
{
    return {root + "/status", std::string{word}, true, std::nullopt};
}

/// A device that the settings did not name joins the catalogue when its first row comes.
std::size_t snapshots::index_of(std::string const& device)
{
    auto const [at, is_new] = index_.try_emplace(device, devices_.size());
    if (is_new) {
        devices_.push_back({device, {}, {}, {}, std::nullopt});
        entries_.emplace_back();
        join(at->second);
        push({topic::availability, at->second});
    }
    return at->second;
}

void snapshots::push(item i)
{
    if (waiting_.insert(i).second)
        due_.push_back(i);
}

message snapshots::make(item const& i)
{
    auto const name = i.what == topic::old ? old_[i.index] : topic_of(i.what, i.index);
    switch (i.what) {
    case topic::status:
        return retained(name, "online");
    case topic::info:
        return retained(name, info_payload(options_.agent, devices_));
    case topic::discovery:
        return discovery_of(i.index);
    case topic::availability:
        return retained(name, std::string{to_string(entries_[i.index].now)});
    case topic::state: {
        auto m = retained(name, entries_[i.index].state.payload());
        m.expiry = devices_[i.index].state_expiry;
        return m;
    }
    case topic::old:
        return {name, {}, true, std::nullopt};
    case topic::health:
        break;
    }
    return retained(name, health_payload(*health_));
}

message snapshots::discovery_of(std::size_t device)
{
    auto const& d = devices_[device];
    auto const name = topic_of(topic::discovery, device);
    book_.hold(name, home_assistant::sensor_ids(d));
    return retained(name, options_.discovery->config(d, gone(device)));
}

/// Sensors of the device that were announced and are no more.
retained_book::parts snapshots::gone(std::size_t device) const
{
    if (!entries_[device].complete)
        return {};
    auto ids = book_.parts_of(topic_of(topic::discovery, device));
    for (auto const& id : home_assistant::sensor_ids(devices_[device]))
        ids.erase(id);
    return ids;
}

std::string snapshots::topic_of(topic what, std::size_t device) const
{
    auto const of_device = [&](std::string_view leaf) {
        return options_.root + '/' + topic_level(devices_[device].name) + std::string{leaf};
    };
    switch (what) {
    case topic::status:
        return options_.root + "/status";
    case topic::info:
        return options_.root + "/info";
    case topic::discovery:
        return options_.discovery->config_topic(devices_[device].name);
    case topic::availability:
        return of_device("/availability");
    case topic::state:
        return of_device("/state");
    case topic::health:
    case topic::old:
        break;
    }
    return options_.root + "/health";
}

message snapshots::retained(std::string name, std::string payload)
{
    book_.hold(name);
    return {std::move(name), std::move(payload), true, std::nullopt};
}

} // namespace kilnwatt::publish
