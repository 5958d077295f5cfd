#include "agent/publish/sparkplug_outbox.hpp"

#include "agent/publish/row_metrics.hpp"
#include "protocols/sparkplug/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace kilnwatt::publish {
namespace {

constexpr std::string_view memory_tag = "bdseq ";
constexpr std::string_view refused_metric = "Commands/Refused";
constexpr std::string_view version_metric = "Agent/Version";
constexpr std::size_t layouts_max = 10'000; ///< remembered as learned; beyond it all are learned anew

std::optional<int> read_memory(std::string_view line)
{
    if (!line.starts_with(memory_tag))
        return std::nullopt;
    line.remove_prefix(memory_tag.size());
    int number = 0;
    auto const [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
    bool const whole = error == std::errc{} && end == line.data() + line.size();
    return whole && number >= 0 && number <= 255 ? std::optional{number} : std::nullopt;
}

message unacknowledged(sparkplug::publication p)
{
    return {std::move(p.topic), std::move(p.payload), false, std::nullopt, 0};
}

bool says_nothing(std::vector<sparkplug::sample> const& samples)
{
    return std::all_of(samples.begin(), samples.end(),
                       [](auto const& s) { return std::holds_alternative<std::monostate>(s.value); });
}

} // namespace

sparkplug_outbox::sparkplug_outbox(lanes l, sparkplug_options o, std::string agent_version, std::string_view memory)
    : outbox{std::move(l)}, who_{o.group, o.node}, node_{{who_, o.datatype_in_data, true}, read_memory(memory)},
      version_{std::move(agent_version)}, host_{o.primary_host}, sent_{o.outlive}
{
    node_.define("", {std::string{version_metric}, sparkplug::datatype::string, {}});
    node_.define("", {std::string{refused_metric}, sparkplug::datatype::int64, {}});
}

message sparkplug_outbox::will()
{
    auto m = unacknowledged(node_.will());
    m.qos = 1;
    return m;
}

std::vector<std::string> sparkplug_outbox::subscriptions() const
{
    std::vector<std::string> topics{sparkplug::topic(who_, "NCMD"), sparkplug::topic(who_, "DCMD", "+"),
                                    sparkplug::topic(who_, "NDEATH")};
    if (host_.configured())
        topics.push_back(host_.topic());
    return topics;
}

std::string sparkplug_outbox::memory() const
{
    auto const last = node_.last_bd_seq();
    return last ? fmt::format("{}{}", memory_tag, *last) : std::string{};
}

void sparkplug_outbox::greet(moment now)
{
    node_.update("", {std::string{version_metric}, now.utc, version_, {}});
    node_.update("", {std::string{refused_metric}, now.utc, refused_, {}});
    node_.connected();
}

std::string sparkplug_outbox::condition() const
{
    return host_.online() ? std::string{} : fmt::format("waiting for primary host {}", host_.id());
}

void sparkplug_outbox::ended()
{
    outbox::ended();
    node_.disconnected();
    host_.disconnected();
    sent_.clear();
    held_.reset();
}

std::vector<message> sparkplug_outbox::farewell(moment now)
{
    std::vector<message> words;
    for (auto& p : node_.farewell(now.utc))
        words.push_back(unacknowledged(std::move(p)));
    return words;
}

/// Declares what the rows of a layout carry. False when all of it was known.
bool sparkplug_outbox::learn(layout_ptr const& l)
{
    if (learned_.size() >= layouts_max)
        learned_.clear();
    if (!learned_.insert(l).second)
        return false;
    for (auto const& d : metrics_of(*l))
        node_.define(unit_of(*l), d);
    return true;
}

/// The row's values are what births show.
void sparkplug_outbox::show(row const& r)
{
    learn(r.layout);
    for (auto const& s : samples_of(r))
        node_.update(unit_of(*r.layout), s);
}

void sparkplug_outbox::committed(batch_ptr const& b, bool live)
{
    outbox::committed(b, live);
    for (auto const& r : *b)
        show(r.data);
}

void sparkplug_outbox::unstored(row const& reading)
{
    show(reading);
}

void sparkplug_outbox::set_availability(std::string const& device, availability a)
{
    revived_.erase(device);
    node_.set_alive(device, a != availability::offline);
}

std::optional<outgoing> sparkplug_outbox::next(moment now)
{
    if (!host_.online())
        return std::nullopt;
    if (auto due = node_.next_due(now.steady, now.utc))
        return outgoing{unacknowledged(*std::move(due)), std::nullopt};
    if (node_.due()) // a rebirth that must wait a moment: data waits with it
        return std::nullopt;
    if (auto told = counters(now))
        return told;
    return next_record(now);
}

std::optional<outgoing> sparkplug_outbox::counters(moment now)
{
    if (refused_told_ == refused_)
        return std::nullopt;
    refused_told_ = refused_;
    sparkplug::sample const s{std::string{refused_metric}, now.utc, refused_, {}};
    node_.update("", s);
    auto p = node_.data("", {s}, false, now.utc);
    return p ? std::optional{outgoing{unacknowledged(*std::move(p)), std::nullopt}} : std::nullopt;
}

std::optional<outgoing> sparkplug_outbox::next_record(moment now)
{
    for (;;) {
        auto item = std::exchange(held_, std::nullopt);
        if (!item)
            item = lanes_.next_live();
        if (!item)
            item = lanes_.next_backlog(now.steady);
        if (!item)
            break;
        if (auto out = data_of(*std::move(item), now))
            return out;
        if (node_.due()) // the record waits in held_ for the birth of its device
            return next(now);
    }
    if (revived_.empty() || lanes_.behind())
        return std::nullopt;
    for (auto const& device : std::exchange(revived_, {}))
        node_.set_alive(device, false);
    return next(now);
}

/// Nothing when the record has nothing to say, or has to wait in held_.
std::optional<outgoing> sparkplug_outbox::data_of(lane_item item, moment now)
{
    auto const& r = item.what().data;
    auto const unit = unit_of(*r.layout);
    auto const samples = samples_of(r);
    learn(r.layout);
    bool const silent = !node_.alive(unit) && says_nothing(samples); // its death has said so
    if (!silent && !node_.alive(unit)) {
        node_.set_alive(unit, true);
        if (item.historical)
            revived_.insert(unit);
    }
    if (!silent && node_.due()) {
        held_ = std::move(item);
        return std::nullopt;
    }
    count_published(item);
    auto p = silent ? std::nullopt : node_.data(unit, samples, item.historical, now.utc);
    if (p)
        return outgoing{unacknowledged(*std::move(p)), std::move(item)};
    delivered(item, now);
    return std::nullopt;
}

bool sparkplug_outbox::settle(moment now)
{
    bool any = false;
    while (auto const slot = sent_.take(now.steady)) {
        any = true;
        for (auto const& r : slot->covers.ranges())
            lanes_.confirmed(r);
        for (auto const& [of, count] : slot->records)
            count_acknowledged(of.first, of.second, count);
    }
    return any;
}

std::chrono::milliseconds sparkplug_outbox::wait(moment now)
{
    std::chrono::milliseconds soonest{};
    for (auto const w : {outbox::wait(now), sent_.wait(now.steady), node_.wait(now.steady)})
        if (w.count() > 0 && (soonest.count() == 0 || w < soonest))
            soonest = w;
    return soonest;
}

} // namespace kilnwatt::publish
