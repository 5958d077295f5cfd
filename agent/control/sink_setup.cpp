#include "agent/control/sink_setup.hpp"

#include "agent/control/production_message.hpp"

#include <algorithm>

namespace kilnwatt::control {
namespace {

/// Paho notices a dead broker after two to three keep-alives; what was sent since then is lost.
std::chrono::milliseconds outlive_of(std::chrono::seconds keep_alive)
{
    constexpr std::chrono::seconds margin{5};
    return 3 * keep_alive + margin;
}

/// A state that is older than some polls of the device's fastest class is no state.
std::chrono::seconds expiry_of(poll::polled_device const& polled)
{
    constexpr int polls = 5;
    constexpr std::chrono::seconds shortest{15}; // a commit, a reconnect
    auto fastest = milliseconds::max();
    for (auto const c : polled.device.classes())
        fastest = std::min(fastest, polled.periods[static_cast<std::size_t>(c)]);
    if (fastest == milliseconds::max())
        fastest = polled.periods.front();
    return std::max(shortest, std::chrono::ceil<std::chrono::seconds>(polls * fastest));
}

} // namespace

publish::sink_options sink_options_of(settings::mqtt_settings const& m, utc_time started)
{
    publish::sink_options o;
    o.name = m.name;
    o.root = m.root;
    o.home_assistant = m.home_assistant;
    o.agent_version = KILNWATT_VERSION;
    o.agent_started = started;
    o.session.host = m.host;
    o.session.port = m.port;
    for (auto const& server : m.fallback)
        o.fallback.push_back({server.host, server.port});
    o.session.client_id = m.client_id;
    o.session.user = m.user;
    o.session.password = m.password.reveal();
    o.session.version = m.version;
    o.session.keep_alive = m.keep_alive;
    o.session.ack_timeout = m.ack_timeout;
    if (m.tls)
        o.session.tls = mqtt::tls_options{m.tls->ca_file, m.tls->certificate_file, m.tls->key_file, m.tls->alpn};
    if (m.sparkplug)
        o.sparkplug = publish::sparkplug_options{m.sparkplug->group, m.sparkplug->node, m.sparkplug->primary_host,
                                                 m.sparkplug->datatype_in_data, outlive_of(m.keep_alive)};
    auto const choose = [&o](stream s, bool wanted) { o.streams.set(static_cast<std::size_t>(s), wanted); };
    choose(stream::readings, m.readings);
    choose(stream::event, m.events);
    for (int i = 0; i < stream_count; ++i) {
        auto const s = static_cast<stream>(i);
        if (is_window(s) || is_kpi(s))
            choose(s, is_window(s) ? m.windows : m.kpis);
    }
    return o;
}

publish::device_catalogue catalogue_of(site_plan const& plan)
{
    publish::device_catalogue devices;
    for (auto const& d : plan.site.devices) {
        publish::device_entry entry;
        entry.name = d.name;
        entry.role = std::string{to_string(d.what)};
        for (auto const& link : plan.links)
            for (auto const& polled : link.devices) {
                if (polled.device.name() != d.name)
                    continue;
                entry.model = polled.device.what().id;
                entry.state_expiry = expiry_of(polled);
                for (auto const c : polled.device.classes())
                    entry.learn(*polled.device.layout_of(c));
            }
        devices.push_back(std::move(entry));
    }
    for (auto const& p : plan.site.productions) {
        publish::device_entry entry;
        entry.name = p.name;
        entry.role = std::string{to_string(role::production)};
        entry.model = "mqtt";
        entry.learn(*production_layout(p.name, p.point));
        devices.push_back(std::move(entry));
    }
    return devices;
}

publish::availability availability_of(poll::health h)
{
    switch (h) {
    case poll::health::online:
    case poll::health::suspect:
        return publish::availability::online;
    case poll::health::asleep:
        return publish::availability::asleep;
    case poll::health::unknown:
    case poll::health::offline:
        break;
    }
    return publish::availability::offline;
}

} // namespace kilnwatt::control
