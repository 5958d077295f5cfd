#include "protocols/mqtt/session_state.hpp"

#include "protocols/mqtt/error.hpp"
#include "protocols/mqtt/refusal.hpp"
#include "protocols/mqtt/topic.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace kilnwatt::mqtt {

namespace {

using boost::system::error_code;
using clock = outstanding::clock;

/// How long disconnect() waits for Paho after its patience is over.
constexpr std::chrono::seconds close_max{2};
/// MQTT carries the keep-alive as 16 bits of seconds.
constexpr std::chrono::seconds keep_alive_max{65'535};

bool is_qos(int qos)
{
    return qos >= 0 && qos <= 2;
}

} // namespace

std::shared_ptr<session::state> session::state::make(asio::any_io_executor executor, session_options options)
{
    auto made = std::make_shared<state>(std::move(executor), std::move(options));
    auto handle = [weak = made->weak_from_this()](std::uint64_t epoch, event& what) {
        if (auto const s = weak.lock())
            s->handle(epoch, what);
    };
    made->mailbox_ = std::make_shared<mailbox>(made->executor_, std::move(handle), made->options_.inbound_max);
    return made;
}

session::state::state(asio::any_io_executor executor, session_options options)
    : executor_{std::move(executor)}, options_{std::move(options)}, resolver_{executor_}, wake_{executor_},
      watch_{executor_}, outstanding_{options_.ack_timeout}
{}

void session::state::shut_down()
{
    phase_ = phase::gone;
    mailbox_->close();
    client_.reset();
    resolver_.cancel();
    watch_.cancel();
    wake_.expires_at(clock::time_point::min());
    for (auto& r : outstanding_.take_all()) {
        if (r.what == outstanding::kind::subscribe) // a coroutine of ours waits for it
            r.completed(asio::error::operation_aborted);
    }
}

bool session::state::options_usable() const
{
    auto const will_usable = !options_.will || (is_topic_name(options_.will->topic) && is_qos(options_.will->qos));
    return !options_.host.empty() && options_.port != 0 &&
           (options_.version == mqtt_3_1_1 || options_.version == mqtt_5) && options_.keep_alive.count() >= 0 &&
           options_.keep_alive <= keep_alive_max && will_usable;
}

bool session::state::begin_connect()
{
    if (phase_ != phase::idle)
        return false;
    phase_ = phase::connecting;
    ++epoch_;
    outcome_.reset();
    reason_ = {};
    wake_.expires_after(options_.connect_timeout);
    if (!options_usable()) {
        settle(errc::bad_options);
        return true;
    }
    // Names are looked up here, because Paho does it with its mutex held and so stops every other client. With TLS Paho
    // has to be given the name, but then the lookup has shown that it will answer.
    resolver_.async_resolve(options_.host, std::to_string(options_.port),
                            [weak = weak_from_this(), epoch = epoch_](auto ec, auto const& found) {
                                if (auto const s = weak.lock(); s && s->epoch_ == epoch)
                                    s->resolved(ec, found);
                            });
    return true;
}

void session::state::resolved(error_code ec, asio::ip::tcp::resolver::results_type const& found)
{
    if (phase_ != phase::connecting)
        return;
    if (ec || found.empty())
        return settle(errc::connect_failed);
    addresses_.clear();
    if (options_.tls) {
        addresses_.push_back(options_.host);
    } else {
        for (auto const& entry : found)
            addresses_.push_back(entry.endpoint().address().to_string());
        auto const first = static_cast<std::ptrdiff_t>(first_address_ % addresses_.size());
        std::rotate(addresses_.begin(), addresses_.begin() + first, addresses_.end());
        std::reverse(addresses_.begin(), addresses_.end());
    }
    try_address();
}

void session::state::try_address()
{
    auto const address = std::move(addresses_.back());
    addresses_.pop_back();
    auto report = [box = mailbox_, epoch = ++epoch_](event e) { box->put(epoch, std::move(e)); };
    client_ = std::make_unique<paho_client>(options_, address, std::move(report));
}

void session::state::settle(error_code outcome)
{
    outcome_ = outcome;
    wake_.expires_at(clock::time_point::min()); // unlike cancel(), also ends a wait that begins later
}

error_code session::state::end_connect(error_code waited)
{
    if (phase_ == phase::gone)
        return asio::error::operation_aborted;
    if (outcome_ && !*outcome_) {
        phase_ = phase::connected;
        return {};
    }
    resolver_.cancel();
    become_idle();
    if (outcome_)
        return *outcome_;
    if (waited)
        return waited;
    ++first_address_;
    return errc::connect_timeout;
}

bool session::state::begin_disconnect(std::chrono::milliseconds patience)
{
    if (phase_ != phase::connected)
        return false;
    phase_ = phase::closing;
    close_at_ = clock::now() + patience;
    wake_.expires_at(close_at_ + close_max);
    if (outstanding_.empty())
        close_client();
    else
        watch_until(close_at_);
    return true;
}

void session::state::end_disconnect()
{
    if (phase_ == phase::gone)
        return;
    if (client_)
        close_client();
    become_idle();
}

int session::state::window_free() const
{
    if (phase_ != phase::connected)
        return 0;
    return std::max(0, window_ - static_cast<int>(outstanding_.count(outstanding::kind::publish)));
}

void session::state::publish(message m, done completed)
{
    if (!is_topic_name(m.topic) || !is_qos(m.qos))
        return complete_later(std::move(completed), errc::bad_options);
    if (phase_ != phase::connected)
        return complete_later(std::move(completed), errc::not_connected);
    if (window_free() == 0)
        return complete_later(std::move(completed), errc::window_full);
    auto const number = outstanding_.add(outstanding::kind::publish, std::move(completed), clock::now());
    client_->publish(number, std::move(m));
    note_request();
}

error_code session::state::subscribe(std::string filter, int qos, done completed)
{
    if (!is_topic_filter(filter) || !is_qos(qos))
        return errc::bad_options;
    if (phase_ != phase::connected)
        return errc::not_connected;
    if (outstanding_.count(outstanding::kind::subscribe) >= subscribe_max)
        return errc::window_full;
    auto const number = outstanding_.add(outstanding::kind::subscribe, std::move(completed), clock::now());
    client_->subscribe(number, std::move(filter), qos);
    note_request();
    return {};
}

void session::state::handle(std::uint64_t epoch, event& what)
{
    if (epoch == epoch_ && phase_ != phase::gone)
        std::visit([this](auto& e) { handle(e); }, what);
}

void session::state::handle(connect_event const& e)
{
    if (phase_ != phase::connecting)
        return;
    if (e.error == errc::connect_failed && !addresses_.empty())
        return try_address();
    reason_ = reason_text(e.reason);
    window_ = std::clamp(e.receive_maximum, 1, window_max);
    settle(e.error);
}

void session::state::handle(answer_event const& e)
{
    auto answered = outstanding_.finish(e.number);
    if (!answered)
        return;
    if (e.reason != 0)
        reason_ = reason_text(e.reason);
    answered->completed(e.error);
    if (phase_ == phase::closing && outstanding_.empty() && client_)
        close_client();
}

void session::state::handle(loss_event const& e)
{
    reason_ = reason_text(e.reason);
    if (phase_ == phase::connected)
        return end(errc::lost);
    client_.reset();
    fail_outstanding(errc::lost);
    settle(errc::lost); // connect() or disconnect() waits
}

void session::state::handle(closed_event const&)
{
    settle({});
}

void session::state::handle(message& m)
{
    if (on_message_)
        on_message_(std::move(m));
}

void session::state::note_request()
{
    if (!watching_)
        watch_until(*outstanding_.deadline());
}

void session::state::watch_until(clock::time_point t)
{
    watching_ = true;
    watch_.expires_at(t);
    watch_.async_wait([weak = weak_from_this()](error_code ec) {
        auto const s = weak.lock();
        if (ec || !s)
            return;
        s->watching_ = false;
        s->check_deadline();
    });
}

void session::state::check_deadline()
{
    auto const now = clock::now();
    if (phase_ == phase::closing && client_) {
        if (close_at_ <= now)
            close_client();
        else
            watch_until(close_at_);
    }
    auto const deadline = outstanding_.deadline();
    if (phase_ != phase::connected || !deadline)
        return;
    if (*deadline > now)
        return watch_until(*deadline);
    reason_ = {};
    end(errc::ack_timeout);
}

void session::state::complete_later(done completed, error_code ec)
{
    asio::post(executor_, [weak = weak_from_this(), completed = std::move(completed), ec] {
        if (auto const s = weak.lock(); s && s->phase_ != phase::gone)
            completed(ec);
    });
}

void session::state::close_client()
{
    auto const closing = std::move(client_);
    closing->close();
    fail_outstanding(errc::lost);
}

void session::state::become_idle()
{
    client_.reset();
    ++epoch_;
    phase_ = phase::idle;
    watch_.cancel();
    watching_ = false;
}

void session::state::end(error_code why)
{
    become_idle();
    fail_outstanding(why);
    if (phase_ == phase::gone || !on_lost_)
        return;
    auto const handler = on_lost_; // it may replace itself
    handler(why);
}

void session::state::fail_outstanding(error_code why)
{
    auto const now = clock::now();
    for (auto& r : outstanding_.take_all()) {
        auto const innocent = why == errc::ack_timeout && r.deadline > now;
        if (phase_ != phase::gone || r.what == outstanding::kind::subscribe)
            r.completed(innocent ? make_error_code(errc::lost) : why);
    }
}

} // namespace kilnwatt::mqtt
