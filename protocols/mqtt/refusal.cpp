#include "protocols/mqtt/refusal.hpp"

#include <algorithm>
#include <array>

namespace kilnwatt::mqtt {

namespace {

struct meaning {
    int code;
    std::string_view words;
};

/// OASIS MQTT 3.1.1, table 3.1, and MQTT 5.0, section 2.4. In rising order.
constexpr std::array meanings{
    meaning{0x01, "unacceptable protocol version"},
    meaning{0x02, "client identifier rejected"},
    meaning{0x03, "server unavailable"},
    meaning{0x04, "bad user name or password"},
    meaning{0x05, "not authorized"},
    meaning{0x10, "no matching subscribers"},
    meaning{0x80, "unspecified error"},
    meaning{0x81, "malformed packet"},
    meaning{0x82, "protocol error"},
    meaning{0x83, "implementation specific error"},
    meaning{0x84, "unsupported protocol version"},
    meaning{0x85, "client identifier not valid"},
    meaning{0x86, "bad user name or password"},
    meaning{0x87, "not authorized"},
    meaning{0x88, "server unavailable"},
    meaning{0x89, "server busy"},
    meaning{0x8a, "banned"},
    meaning{0x8b, "server shutting down"},
    meaning{0x8c, "bad authentication method"},
    meaning{0x8d, "keep alive timeout"},
    meaning{0x8e, "session taken over by a client with the same id"},
    meaning{0x8f, "topic filter invalid"},
    meaning{0x90, "topic name invalid"},
    meaning{0x91, "packet identifier in use"},
    meaning{0x92, "packet identifier not found"},
    meaning{0x93, "receive maximum exceeded"},
    meaning{0x94, "topic alias invalid"},
    meaning{0x95, "packet too large"},
    meaning{0x96, "message rate too high"},
    meaning{0x97, "quota exceeded"},
    meaning{0x98, "administrative action"},
    meaning{0x99, "payload format invalid"},
    meaning{0x9a, "retain not supported"},
    meaning{0x9b, "QoS not supported"},
    meaning{0x9c, "use another server"},
    meaning{0x9d, "server moved"},
    meaning{0x9e, "shared subscriptions not supported"},
    meaning{0x9f, "connection rate exceeded"},
    meaning{0xa0, "maximum connect time"},
    meaning{0xa1, "subscription identifiers not supported"},
    meaning{0xa2, "wildcard subscriptions not supported"},
};
static_assert(std::is_sorted(meanings.begin(), meanings.end(),
                             [](meaning const& a, meaning const& b) { return a.code < b.code; }));

} // namespace

errc connect_refusal(int code) noexcept
{
    switch (code) {
    case 0x04:
    case 0x86:
    case 0x8c:
        return errc::bad_credentials;
    case 0x05:
    case 0x87:
    case 0x8a:
        return errc::not_authorised;
    case 0x03:
    case 0x88:
    case 0x89:
    case 0x8b:
    case 0x97:
    case 0x9c:
    case 0x9f:
        return errc::broker_unavailable;
    default:
        return errc::rejected;
    }
}

errc request_refusal(int code) noexcept
{
    switch (code) {
    case 0x87:
        return errc::not_authorised;
    case 0x97:
        return errc::broker_unavailable;
    default:
        return errc::publish_refused;
    }
}

std::string_view reason_text(int code) noexcept
{
    auto const found = std::lower_bound(meanings.begin(), meanings.end(), code,
                                        [](meaning const& m, int wanted) { return m.code < wanted; });
    return found != meanings.end() && found->code == code ? found->words : std::string_view{};
}

} // namespace kilnwatt::mqtt
