#include "drivers/read_outcome.hpp"

#include "protocols/modbus/error.hpp"

namespace kilnwatt::drivers {

verdict verdict_of(boost::system::error_code const& error)
{
    if (modbus::is_refused_address(error))
        return {quality::illegal_address, true, false};
    if (error == modbus::errc::gateway_path_unavailable || error == modbus::errc::gateway_target_failed)
        return {quality::device_failure, false, true};
    if (modbus::is_exception(error))
        return {quality::device_failure, true, false};
    if (error == modbus::errc::malformed_reply)
        return {quality::communication, false, false};
    return {quality::timeout, false, true};
}

bool read_outcome::take(boost::system::error_code const& error, planned_request const& request, read_pass& pass)
{
    if (!error) {
        answered = true;
        pass.answered(request);
        return true;
    }
    if (!first_error)
        first_error = error;
    auto const v = verdict_of(error);
    answered = answered || v.answered;
    if (v.stop)
        rest = v.q;
    else if (error == modbus::errc::illegal_function)
        pass.refused_function(request);
    else if (v.q == quality::illegal_address)
        pass.refused(request);
    else
        pass.failed(request);
    return v.answered;
}

} // namespace kilnwatt::drivers
