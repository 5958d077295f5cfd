#include "protocols/modbus/resolution.hpp"

#include "protocols/modbus/error.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace kilnwatt::modbus {

using asio::ip::tcp;

struct resolution::state {
    explicit state(asio::any_io_executor const& executor)
        : resolver{executor}, ended{executor, asio::steady_timer::time_point::max()}
    {}

    tcp::resolver resolver;
    asio::steady_timer ended;
    bool known = false;
    endpoints found;
};

resolution::resolution(asio::any_io_executor executor) : executor_{std::move(executor)} {}

asio::awaitable<result<resolution::endpoints>> resolution::wait(std::string const& host, std::uint16_t port)
{
    boost::system::error_code not_a_number;
    auto const number = asio::ip::make_address(host, not_a_number);
    if (!not_a_number)
        co_return endpoints{tcp::endpoint{number, port}};

    auto const mine = std::make_shared<state>(executor_);
    running_ = mine;
    mine->resolver.async_resolve(host, std::to_string(port), tcp::resolver::numeric_service,
                                 [mine](boost::system::error_code ec, tcp::resolver::results_type const& results) {
                                     mine->known = true;
                                     for (auto const& entry : results)
                                         if (!ec && mine->found.size() < endpoints_max)
                                             mine->found.push_back(entry.endpoint());
                                     mine->ended.cancel();
                                 });
    co_await mine->ended.async_wait(asio::as_tuple(asio::use_awaitable));
    running_.reset();
    if (!mine->known) {
        mine->resolver.cancel();
        co_return errc::cancelled;
    }
    if (mine->found.empty())
        co_return errc::connect_failed;
    co_return std::move(mine->found);
}

void resolution::cancel()
{
    if (running_)
        running_->ended.cancel();
}

} // namespace kilnwatt::modbus
