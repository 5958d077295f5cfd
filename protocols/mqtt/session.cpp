#include "protocols/mqtt/session.hpp"

#include "protocols/mqtt/session_state.hpp"

#include <utility>

namespace kilnwatt::mqtt {

using boost::system::error_code;

session::session(asio::any_io_executor executor, session_options options)
    : state_{state::make(std::move(executor), std::move(options))}
{
}

session::~session()
{
    state_->shut_down();
}

void session::on_lost(std::function<void(error_code)> handler)
{
    state_->on_lost(std::move(handler));
}

void session::on_message(std::function<void(message)> handler)
{
    state_->on_message(std::move(handler));
}

void session::set_will(std::optional<message> will)
{
    state_->set_will(std::move(will));
}

asio::awaitable<result<void>> session::connect()
{
    return state::connect(state_);
}

bool session::connected() const
{
    return state_->connected();
}

int session::window_free() const
{
    return state_->window_free();
}

int session::window_size() const
{
    return state_->window_size();
}

void session::publish(message m, done completed)
{
    state_->publish(std::move(m), std::move(completed));
}

asio::awaitable<result<void>> session::subscribe(std::string topic, int qos)
{
    return state::subscribe(state_, std::move(topic), qos);
}

asio::awaitable<void> session::disconnect(std::chrono::milliseconds patience)
{
    return state::disconnect(state_, patience);
}

std::string_view session::reason() const
{
    return state_->reason();
}

std::uint64_t session::inbound_dropped() const
{
    return state_->inbound_dropped();
}

} // namespace kilnwatt::mqtt
