#include "agent/cli/agent_client.hpp"
#include "protocols/modbus/error.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>

namespace kilnwatt::cli {
namespace {

using boost::system::error_code;
constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

/// The agent ends an exchange in its own time, so there is no timeout here; Ctrl-C ends the connection.
class agent_link final : public modbus::link {
public:
    agent_link(agent_client& agent, std::string url, link_address address)
        : agent_{agent}, url_{std::move(url)}, address_{std::move(address)}
    {}

    asio::awaitable<result<void>> read(modbus::read_request request, std::span<std::uint16_t> words) override
    {
        control::control_request const asked{
            .what = control::control_request::verb::read, .link = url_, .at = request};
        sent_ = control::to_line(asked);
        received_.clear();
        ++statistics_.requests;
        auto const out = asio::buffer(sent_);
        auto [failed, n] = co_await asio::async_write(agent_.socket(), out, quietly);
        if (!failed) {
            auto const in = asio::dynamic_buffer(received_, control::control_line_max);
            auto const [ended, m] = co_await asio::async_read_until(agent_.socket(), in, '\n', quietly);
            failed = ended;
        }
        if (failed)
            co_return lost(failed);
        co_return take(request, words);
    }

    asio::awaitable<result<void>> write(modbus::write_request) override
    {
        co_return make_error_code(modbus::errc::illegal_function); // the agent writes nothing
    }

    void close() override {}
    bool is_open() const override { return agent_.socket().is_open(); }
    modbus::link_statistics const& statistics() const override { return statistics_; }
    link_address const& address() const override { return address_; }

private:
    error_code lost(error_code ec)
    {
        error_code ignored;
        agent_.socket().close(ignored); // an answer may still come; it would be taken for the next one's
        return make_error_code(ec == asio::error::operation_aborted ? modbus::errc::cancelled
                                                                    : modbus::errc::connection_lost);
    }

    result<void> take(modbus::read_request request, std::span<std::uint16_t> words)
    {
        std::string why;
        auto const reply = control::parse_reply(std::string_view{received_}.substr(0, received_.find('\n')), why);
        if (!reply)
            return make_error_code(modbus::errc::malformed_reply);
        if (reply->modbus)
            return make_error_code(static_cast<modbus::errc>(*reply->modbus));
        if (!reply->error.empty())
            return make_error_code(modbus::errc::device_busy); // the queue is full
        if (reply->words.size() != request.count)
            return make_error_code(modbus::errc::malformed_reply);
        std::copy(reply->words.begin(), reply->words.end(), words.begin());
        ++statistics_.replies;
        return boost::system::in_place_value;
    }

    agent_client& agent_;
    std::string url_;
    link_address address_;
    modbus::link_statistics statistics_;
    std::string sent_;
    std::string received_;
};

} // namespace

std::unique_ptr<modbus::link> make_agent_link(agent_client& agent, std::string url, link_address address)
{
    return std::make_unique<agent_link>(agent, std::move(url), std::move(address));
}

} // namespace kilnwatt::cli
