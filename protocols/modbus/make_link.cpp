#include "protocols/modbus/serial_link.hpp"
#include "protocols/modbus/stream_link.hpp"

namespace kilnwatt::modbus {

std::unique_ptr<link> make_link(asio::any_io_executor executor, deadline_list& deadlines, link_address address,
                                link_timing timing)
{
    if (address.kind == link_kind::serial)
        return std::make_unique<serial_link>(std::move(executor), deadlines, std::move(address), timing);
    return std::make_unique<stream_link>(std::move(executor), deadlines, std::move(address), timing);
}

} // namespace kilnwatt::modbus
