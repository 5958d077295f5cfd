#include "agent/settings/broker_url.hpp"

#include <algorithm>
#include <charconv>

namespace kilnwatt::settings {
namespace {

bool is_host(std::string_view host, bool in_brackets)
{
    auto const allowed = [in_brackets](char c) {
        if (in_brackets)
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == ':' || c == '.';
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.' || c == '-' || c == '_';
    };
    return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), allowed);
}

std::optional<std::uint16_t> parse_port(std::string_view text)
{
    std::uint16_t port = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc{} && end == text.data() + text.size() && port > 0 ? std::optional{port} : std::nullopt;
}

} // namespace

std::optional<broker_address> parse_broker_url(std::string_view url, std::string& why)
{
    auto const refuse = [&why](std::string_view sentence) {
        why = sentence;
        return std::nullopt;
    };
    broker_address b;
    if (url.starts_with("mqtts://"))
        b.tls = true;
    else if (!url.starts_with("mqtt://"))
        return refuse("a broker's address begins with mqtt:// or mqtts://");
    auto rest = url.substr(b.tls ? 8 : 7);
    if (rest.find('@') != std::string_view::npos)
        return refuse("user and password have keys of their own");
    if (rest.find_first_of("/?#") != std::string_view::npos)
        return refuse("nothing follows the port");
    auto const in_brackets = rest.starts_with('[');
    auto const bracket = rest.find(']');
    if (in_brackets && bracket == std::string_view::npos)
        return refuse("the bracket is not closed");
    b.host = in_brackets ? rest.substr(1, bracket - 1) : rest.substr(0, rest.find(':'));
    rest.remove_prefix(in_brackets ? bracket + 1 : b.host.size());
    std::transform(b.host.begin(), b.host.end(), b.host.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (!is_host(b.host, in_brackets))
        return refuse(b.host.empty() ? "the host is missing" : "the host is not a name or a number");
    b.port = b.tls ? 8883 : 1883;
    if (rest.empty())
        return b;
    auto const port = rest.front() == ':' ? parse_port(rest.substr(1)) : std::nullopt;
    if (!port)
        return refuse(std::count(rest.begin(), rest.end(), ':') > 1 ? "an IPv6 host stands in brackets"
                                                                    : "the port must be a number from 1 to 65535");
    b.port = *port;
    return b;
}

} // namespace kilnwatt::settings
