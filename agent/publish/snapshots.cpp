#include "agent/publish/snapshots.hpp"

namespace kilnwatt::publish {

snapshots::snapshots(options o, device_catalogue devices) : options_{std::move(o)}, devices_{std::move(devices)}
{
    entries_.resize(devices_.size());
    for (std::size_t i = 0; i < devices_.size(); ++i)
        index_.emplace(devices_[i].name, i);
}

void snapshots::greet()
{
    due_.clear();
    waiting_.clear();
    push({topic::status});
    push({topic::info});
    for (std::size_t i = 0; i < devices_.size(); ++i) {
        push({topic::availability, i});
        if (!entries_[i].state.empty())
            push({topic::state, i});
    }
    for (std::size_t i = 0; i < options_.removed_devices.size(); ++i) {
        push({topic::old_availability, i});
        push({topic::old_state, i});
    }
    if (health_)
        push({topic::health});
    greeting_ = due_.size();
}

void snapshots::fold(row const& reading, bool stored)
{
    auto const i = index_of(reading.layout->device);
    auto& state = entries_[i].state;
    if (!state.knows(*reading.layout)) {
        if (devices_[i].model.empty())
            devices_[i].model = reading.layout->source;
        if (devices_[i].learn(*reading.layout))
            push({topic::info});
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
        push({topic::availability, at->second});
    }
    return at->second;
}

void snapshots::push(item i)
{
    if (waiting_.insert(i).second)
        due_.push_back(i);
}

message snapshots::make(item const& i) const
{
    switch (i.what) {
    case topic::status:
        return status(options_.root, "online");
    case topic::info:
        return {options_.root + "/info", info_payload(options_.agent, devices_), true, std::nullopt};
    case topic::availability:
        return retained(devices_[i.device].name, "availability", std::string{to_string(entries_[i.device].now)});
    case topic::state: {
        auto m = retained(devices_[i.device].name, "state", entries_[i.device].state.payload());
        m.expiry = devices_[i.device].state_expiry;
        return m;
    }
    case topic::old_availability:
        return retained(options_.removed_devices[i.device], "availability", {});
    case topic::old_state:
        return retained(options_.removed_devices[i.device], "state", {});
    case topic::health:
        break;
    }
    return {options_.root + "/health", health_payload(*health_), true, std::nullopt};
}

message snapshots::retained(std::string_view device, std::string_view leaf, std::string payload) const
{
    auto topic_name = options_.root + '/' + topic_level(device) + '/';
    topic_name += leaf;
    return {std::move(topic_name), std::move(payload), true, std::nullopt};
}

} // namespace kilnwatt::publish
