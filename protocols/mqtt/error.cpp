#include "protocols/mqtt/error.hpp"

#include <boost/system/error_category.hpp>

#include <string>

namespace kilnwatt::mqtt {

namespace {

char const* sentence(errc e) noexcept
{
    switch (e) {
    case errc::connect_failed:
        return "the broker cannot be reached, or the TLS handshake failed";
    case errc::connect_timeout:
        return "the broker did not answer within the connect timeout";
    case errc::bad_credentials:
        return "the broker refused the user name or the password";
    case errc::not_authorised:
        return "the broker does not allow this";
    case errc::rejected:
        return "the broker refused the protocol version or the client id";
    case errc::broker_unavailable:
        return "the broker is busy or not available";
    case errc::lost:
        return "the connection to the broker broke";
    case errc::ack_timeout:
        return "the broker did not acknowledge in time";
    case errc::publish_refused:
        return "the broker refused the message or the subscription";
    case errc::window_full:
        return "too many messages are unacknowledged";
    case errc::not_connected:
        return "not connected to the broker";
    case errc::bad_options:
        return "the address, a topic, a certificate or a key cannot be used";
    }
    return "unknown MQTT error";
}

remedy remedy_of(errc e) noexcept
{
    switch (e) {
    case errc::connect_failed:
    case errc::connect_timeout:
    case errc::broker_unavailable:
    case errc::lost:
    case errc::ack_timeout:
    case errc::window_full:
    case errc::not_connected:
        return remedy::retry;
    case errc::bad_credentials:
    case errc::not_authorised:
    case errc::rejected:
    case errc::publish_refused:
    case errc::bad_options:
        return remedy::reconfigure;
    }
    return remedy::give_up;
}

class category final : public boost::system::error_category {
public:
    char const* name() const noexcept override { return "mqtt"; }

    std::string message(int value) const override { return sentence(static_cast<errc>(value)); }

    boost::system::error_condition default_error_condition(int value) const noexcept override
    {
        return make_error_condition(remedy_of(static_cast<errc>(value)));
    }
};

} // namespace

boost::system::error_category const& error_category() noexcept
{
    static category const instance;
    return instance;
}

boost::system::error_code make_error_code(errc e) noexcept
{
    return {static_cast<int>(e), error_category()};
}

} // namespace kilnwatt::mqtt
