#include "protocols/modbus/serial_link.hpp"
#include "protocols/modbus/stream_link.hpp"

namespace kilnwatt::modbus {

asio::awaitable<void> link::read_together(std::span<read_job> jobs)
{
    for (auto& job : jobs) {
        auto const reply = co_await read(job.request, job.words);
        job.error = reply.has_error() ? reply.error() : boost::system::error_code{};
    }
}

std::unique_ptr<link> make_link(asio::any_io_executor executor, deadline_list& deadlines, link_address address,
                                link_timing timing, std::optional<link_address> fallback)
{
    if (address.kind == link_kind::serial)
        return std::make_unique<serial_link>(std::move(executor), deadlines, std::move(address), timing);
    return std::make_unique<stream_link>(std::move(executor), deadlines, std::move(address), timing,
                                         std::move(fallback));
}

} // namespace kilnwatt::modbus
