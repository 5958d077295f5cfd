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
        control::control_request const asked{.what = verb::read, .link = url_, .at = request};
        auto const failed = co_await ask(asked);
        if (failed)
            co_return lost(failed);
        co_return take(request.count, words);
    }

    /// The agent refuses what its site file did not open with agent_client::refusal() and permission_denied.
    asio::awaitable<result<void>> write(modbus::write_request request) override
    {
        using modbus::write_function;
        auto const how = request.how;
        control::control_request asked{.what = verb::write, .link = url_};
        asked.at = {request.unit,
                    how == write_function::coil || how == write_function::coils ? modbus::table::coils
                                                                                : modbus::table::holding_registers,
                    request.address, static_cast<std::uint16_t>(request.values.size())};
        asked.values.assign(request.values.begin(), request.values.end());
        asked.multiple = how == write_function::coils || how == write_function::holding_registers;
        auto const failed = co_await ask(asked);
        if (failed)
            co_return lost(failed);
        auto const taken = take(0, {});
        if (taken.has_error() && taken.error() == modbus::errc::device_busy && !agent_.refusal().empty())
            co_return error_code{boost::system::errc::permission_denied, boost::system::generic_category()};
        co_return taken;
    }

    void close() override {}
    bool is_open() const override { return agent_.socket().is_open(); }
    modbus::link_statistics const& statistics() const override { return statistics_; }
    link_address const& address() const override { return address_; }

private:
    using verb = control::control_request::verb;

    asio::awaitable<error_code> ask(control::control_request asked)
    {
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
        co_return failed;
    }

    error_code lost(error_code ec)
    {
        error_code ignored;
        agent_.socket().close(ignored); // an answer may still come; it would be taken for the next one's
        return make_error_code(ec == asio::error::operation_aborted ? modbus::errc::cancelled
                                                                    : modbus::errc::connection_lost);
    }

    result<void> take(std::size_t count, std::span<std::uint16_t> words)
    {
        agent_.refused({});
        std::string why;
        auto const reply = control::parse_reply(std::string_view{received_}.substr(0, received_.find('\n')), why);
        if (!reply)
            return make_error_code(modbus::errc::malformed_reply);
        if (reply->modbus)
            return make_error_code(static_cast<modbus::errc>(*reply->modbus));
        if (!reply->error.empty()) {
            agent_.refused(reply->error);
            return make_error_code(modbus::errc::device_busy); // of a read: the queue is full
        }
        if (reply->words.size() != count)
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
