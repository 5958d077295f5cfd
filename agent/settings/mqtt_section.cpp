#include "agent/settings/broker_url.hpp"
#include "agent/settings/certificates.hpp"
#include "agent/settings/name_rules.hpp"
#include "agent/settings/secrets.hpp"
#include "agent/settings/sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace kilnwatt::settings {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t client_id_max = 64;
constexpr std::size_t sparkplug_id_max = 128;
constexpr std::size_t alpn_max = 8;
constexpr std::size_t fallback_max = 8;

void read_url(config::table& t, mqtt_settings& m)
{
    t.require("url", "for example \"mqtts://broker.plant.example\"");
    auto const url = t.text("url");
    if (!url)
        return;
    std::string why;
    auto const address = parse_broker_url(*url, why);
    if (!address) {
        auto const shown = url->find('@') == std::string::npos ? fmt::format("is '{}', but ", *url) : std::string{};
        t.complain("url", shown + why); // what stands before an @ may be a password
        return;
    }
    m.host = address->host;
    m.port = address->port;
    if (address->tls)
        m.tls.emplace();
}

/// One place of the list after the other is tried, so what holds for the first broker holds for all: user, TLS, topics.
void read_fallback(config::table& t, mqtt_settings& m)
{
    auto const urls = t.texts("fallback");
    if (!urls)
        return;
    if (urls->empty() || urls->size() > fallback_max)
        t.complain("fallback", fmt::format("must be 1 to {} addresses of further brokers", fallback_max),
                   "for example [\"mqtts://broker-2.plant.example\"]");
    std::vector<server_settings> all{{m.host, m.port}};
    int place = 0;
    for (auto const& url : *urls) {
        ++place;
        std::string why;
        auto const address = parse_broker_url(url, why);
        server_settings const server = address ? server_settings{address->host, address->port} : server_settings{};
        if (!address)
            t.complain("fallback", fmt::format("is wrong at place {}", place), why); // before an @ may be a password
        else if (address->tls != m.tls.has_value() && !m.host.empty())
            t.complain("fallback", fmt::format("has '{}', but url has another scheme", url),
                       "use mqtt:// for all of them or mqtts:// for all of them");
        else if (std::find(all.begin(), all.end(), server) != all.end())
            t.complain("fallback", fmt::format("has '{}', which is there already", url), "name each broker once");
        else
            all.push_back(server);
    }
    m.fallback.assign(std::next(all.begin()), all.end());
}

void read_tls(config::table& t, mqtt_settings& m)
{
    auto tls = t.child("tls");
    if (!tls)
        return;
    if (!m.tls && !m.host.empty())
        t.complain("tls", "needs an address that begins with mqtts://");
    auto& files = m.tls ? *m.tls : m.tls.emplace();
    files.ca_file = read_file_name(*tls, "ca").value_or("");
    files.certificate_file = read_file_name(*tls, "cert").value_or("");
    files.key_file = read_file_name(*tls, "key").value_or("");
    if (tls->has("cert") != tls->has("key"))
        tls->complain(tls->has("cert") ? "key" : "cert", "is missing", "certificate and key go together");
    files.alpn = tls->texts("alpn").value_or(files.alpn);
    if (files.alpn.size() > alpn_max || std::any_of(files.alpn.begin(), files.alpn.end(),
                                                    [](auto const& name) { return name.empty() || name.size() > 255; }))
        tls->complain("alpn", fmt::format("must be at most {} names of 1 to 255 bytes", alpn_max),
                      "for example [\"mqtt\"]");
    tls->refuse_unknown();
    check_certificates(*tls, files, std::chrono::system_clock::now());
}

void read_client(config::table& t, mqtt_settings& m, site const& s)
{
    m.client_id = t.text("client_id").value_or(fmt::format("kilnwatt-{}-{}", s.id, m.name));
    auto const printable = [](char c) { return c > ' ' && c < 0x7f; };
    if (t.has("client_id") && (m.client_id.empty() || m.client_id.size() > client_id_max ||
                               !std::all_of(m.client_id.begin(), m.client_id.end(), printable)))
        t.complain("client_id", fmt::format("must be 1 to {} letters, digits and signs without blanks", client_id_max));
    auto const version = t.choice("version", {"5", "3.1.1"});
    m.version = version.value_or(m.sparkplug ? "3.1.1" : "5") == "5" ? 5 : 4;
    if (m.sparkplug && m.version == 5)
        t.complain("version", "is 5, but a Sparkplug node speaks 3.1.1", "leave it out");
    if (auto const user = read_secret(t, "user"))
        m.user = user->reveal();
    if (auto password = read_secret(t, "password"))
        m.password = *std::move(password);
    if (t.has("password") && !t.has("user"))
        t.complain("password", "stands without user", "brokers ask for both");
    if (auto const keep_alive = t.duration("keep_alive", 1s, 1h)) {
        m.keep_alive = std::chrono::duration_cast<std::chrono::seconds>(*keep_alive);
        if (m.keep_alive != *keep_alive)
            t.complain("keep_alive", "must be whole seconds");
    }
    m.ack_timeout = t.duration("ack_timeout", 1s, 5min).value_or(m.ack_timeout);
}

std::string read_sparkplug_id(config::table& t, std::string_view key, std::string otherwise)
{
    auto const id = t.text(key);
    if (!id)
        return otherwise;
    auto const forbidden = [](char c) {
        auto const byte = static_cast<unsigned char>(c);
        return c == '+' || c == '/' || c == '#' || byte < 0x20 || byte == 0x7f;
    };
    if (id->empty() || id->size() > sparkplug_id_max || std::any_of(id->begin(), id->end(), forbidden))
        t.complain(key, fmt::format("must be 1 to {} bytes without + / #", sparkplug_id_max),
                   "it is a level of topics");
    return *id;
}

void read_format(config::table& t, mqtt_settings& m, site const& s)
{
    static constexpr std::string_view sparkplug_keys[] = {"group", "node", "primary_host", "datatype_in_data"};
    if (t.choice("format", {"json", "sparkplug"}).value_or("json") != "sparkplug") {
        for (auto const key : sparkplug_keys)
            if (t.has(key)) {
                key == "datatype_in_data" ? static_cast<void>(t.boolean(key)) : static_cast<void>(t.text(key));
                t.complain(key, "belongs to format = \"sparkplug\"");
            }
        return;
    }
    auto& node = m.sparkplug.emplace();
    node.group = read_sparkplug_id(t, "group", s.id);
    node.node = read_sparkplug_id(t, "node", s.gateway);
    node.primary_host = read_sparkplug_id(t, "primary_host", {});
    node.datatype_in_data = t.boolean("datatype_in_data").value_or(false);
    if (t.has("root"))
        t.complain("root", "belongs to format = \"json\"", "a Sparkplug node's topics follow from group and node");
}

void read_home_assistant(config::table& t, mqtt_settings& m)
{
    auto const prefix = t.text_or_switch("home_assistant", "homeassistant");
    if (!prefix)
        return;
    m.home_assistant = *prefix;
    if (!prefix->empty()) // "" is what false means
        if (auto fault = topic_root_fault(*prefix); !fault.empty())
            t.complain("home_assistant", std::move(fault), "true means \"homeassistant\"");
    if (m.sparkplug)
        t.complain("home_assistant", "belongs to format = \"json\"", "it reads the topics of a JSON sink");
}

void read_topics(config::table& t, mqtt_settings& m, site const& s)
{
    m.root = t.text("root").value_or(fmt::format("energy/{}/{}", s.id, s.gateway));
    if (t.has("root"))
        if (auto fault = topic_root_fault(m.root); !fault.empty())
            t.complain("root", std::move(fault), "for example \"energy/plant-2/gateway\"");
    auto const kinds = t.texts("publish");
    if (!kinds)
        return;
    std::map<std::string_view, bool*> const known{
        {"readings", &m.readings}, {"windows", &m.windows}, {"kpis", &m.kpis}, {"events", &m.events}};
    for (auto const& [name, on] : known)
        *on = false;
    for (auto const& kind : *kinds) {
        auto const hit = known.find(kind);
        if (hit == known.end())
            t.complain("publish", fmt::format("has '{}', but holds readings, windows, kpis and events only", kind));
        else if (std::exchange(*hit->second, true))
            t.complain("publish", fmt::format("has '{}' twice", kind));
    }
    if (kinds->empty())
        t.complain("publish", "is empty", "leave it out to publish all");
}

bool share_a_broker(mqtt_settings const& a, mqtt_settings const& b)
{
    auto const servers = [](mqtt_settings const& m) {
        auto all = m.fallback;
        if (!m.host.empty())
            all.push_back({m.host, m.port});
        return all;
    };
    auto const of_a = servers(a);
    auto const of_b = servers(b);
    return std::find_first_of(of_a.begin(), of_a.end(), of_b.begin(), of_b.end()) != of_a.end();
}

/// The same but for the case of letters, which not every host tells apart.
bool alike(std::string_view a, std::string_view b)
{
    auto const small = [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char one, char other) { return small(one) == small(other); });
}

/// Two sinks at one broker would throw each other out, or write over each other's topics.
void check_apart(config::table& t, std::vector<mqtt_settings> const& others, mqtt_settings const& m)
{
    for (auto const& other : others) {
        if (!share_a_broker(other, m))
            continue;
        if (other.client_id == m.client_id)
            t.complain("client_id",
                       fmt::format("is '{}', as that of sink '{}' at the same broker", m.client_id, other.name),
                       "the broker would throw out the one when the other connects");
        if (m.sparkplug && other.sparkplug && alike(m.sparkplug->group, other.sparkplug->group) &&
            alike(m.sparkplug->node, other.sparkplug->node))
            t.complain("node",
                       fmt::format("is '{}', as that of sink '{}' at the same broker", m.sparkplug->node, other.name),
                       "group and node together exist once");
        if (!m.sparkplug && !other.sparkplug && other.root == m.root)
            t.complain("root", fmt::format("is '{}', as that of sink '{}' at the same broker", m.root, other.name),
                       "give each sink its own root");
    }
}

} // namespace

void read_mqtt_sections(config::table& root, site& s)
{
    name_register names{"sink"};
    auto tables = root.children("mqtt");
    if (tables.size() > sinks_max)
        root.complain("mqtt", fmt::format("is given {} times, but one agent publishes to at most {} sinks",
                                          tables.size(), sinks_max));
    for (auto& t : tables) {
        mqtt_settings m;
        m.at = t.where();
        m.name = names.take(t);
        read_url(t, m);
        read_fallback(t, m);
        read_tls(t, m);
        read_format(t, m, s);
        read_client(t, m, s);
        read_topics(t, m, s);
        read_home_assistant(t, m);
        t.refuse_unknown();
        check_apart(t, s.mqtt, m);
        s.mqtt.push_back(std::move(m));
    }
}

} // namespace kilnwatt::settings
