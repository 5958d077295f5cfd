#include "protocols/modbus/error.hpp"

#include <string>

namespace kilnwatt::modbus {
namespace {

char const* sentence(errc e) noexcept
{
    switch (e) {
    case errc::illegal_function:
        return "the device does not support this Modbus function (exception 1)";
    case errc::illegal_data_address:
        return "the device does not have these registers (exception 2)";
    case errc::illegal_data_value:
        return "the device refuses this number of registers (exception 3)";
    case errc::device_failure:
        return "the device failed while it worked on the request (exception 4)";
    case errc::acknowledge:
        return "the device needs more time for the request (exception 5)";
    case errc::device_busy:
        return "the device is busy (exception 6)";
    case errc::memory_parity_error:
        return "the device found a parity error in its memory (exception 8)";
    case errc::gateway_path_unavailable:
        return "the gateway has no path to the device (exception 10)";
    case errc::gateway_target_failed:
        return "the device behind the gateway does not answer (exception 11)";
    case errc::timeout:
        return "no complete answer arrived within the response timeout";
    case errc::malformed_reply:
        return "an answer arrived that its length, checksum or function code makes impossible";
    case errc::unknown_exception:
        return "the device answered with an exception code that Modbus does not define";
    case errc::connect_failed:
        return "the connection could not be made";
    case errc::connection_lost:
        return "the peer closed the connection before the answer was complete";
    case errc::not_modbus:
        return "the peer speaks HTTP or TLS: another service listens on this port";
    case errc::port_missing:
        return "the serial port is not there: unplugged, or a wrong path";
    case errc::port_denied:
        return "the serial port may not be opened, or another program holds it";
    case errc::bad_request:
        return "the request breaks a limit of the Modbus protocol";
    case errc::cancelled:
        return "the exchange was cancelled because the link stops";
    case errc::port_unswitched:
        return "the serial port has no RS-485 mode of its own: write rs485=rts_up or rs485=rts_down, or leave it out";
    }
    return "unknown Modbus error";
}

remedy remedy_of(errc e) noexcept
{
    switch (e) {
    case errc::illegal_function:
    case errc::illegal_data_address:
    case errc::illegal_data_value:
    case errc::not_modbus:
    case errc::port_denied:
    case errc::port_unswitched:
        return remedy::reconfigure;
    case errc::bad_request:
    case errc::cancelled:
        return remedy::give_up;
    default:
        return remedy::retry;
    }
}

class category_type final : public boost::system::error_category {
public:
    char const* name() const noexcept override { return "kilnwatt.modbus"; }
    std::string message(int value) const override { return sentence(static_cast<errc>(value)); }

    boost::system::error_condition default_error_condition(int value) const noexcept override
    {
        return make_error_condition(remedy_of(static_cast<errc>(value)));
    }
};

} // namespace

boost::system::error_category const& error_category() noexcept
{
    static category_type const category;
    return category;
}

boost::system::error_code make_error_code(errc e) noexcept
{
    return {static_cast<int>(e), error_category()};
}

errc exception_error(std::uint8_t code) noexcept
{
    auto const is_defined = code >= 1 && code <= 11 && code != 7 && code != 9;
    return is_defined ? static_cast<errc>(code) : errc::unknown_exception;
}

bool is_refused_address(boost::system::error_code const& ec) noexcept
{
    return ec == errc::illegal_function || ec == errc::illegal_data_address || ec == errc::illegal_data_value;
}

bool is_exception(boost::system::error_code const& ec) noexcept
{
    auto const in_range = ec.value() >= 1 && ec.value() <= 11;
    return ec.category() == error_category() && (in_range || ec == errc::unknown_exception);
}

bool may_have_arrived(boost::system::error_code const& ec) noexcept
{
    auto const was_answered = ec != errc::device_failure && ec != errc::acknowledge &&
                              ec != errc::gateway_target_failed && ec != errc::unknown_exception && is_exception(ec);
    return ec && !was_answered && ec != errc::connect_failed && ec != errc::port_denied && ec != errc::bad_request;
}

} // namespace kilnwatt::modbus
