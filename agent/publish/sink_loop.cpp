#include "agent/publish/sink_state.hpp"
#include "protocols/mqtt/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace kilnwatt::publish {

namespace asio = boost::asio;

namespace {

constexpr milliseconds at_once{0};

constexpr std::chrono::milliseconds stop_margin{500};     ///< stop() gives up so much later than the farewell may take
constexpr std::chrono::milliseconds short_session{5'000}; ///< ended sooner: perhaps a rival with the same client id
constexpr int short_sessions_suspicious = 3;

} // namespace

asio::awaitable<void> sink::state::run()
{
    while (!stopping_) {
        begin_attempt();
        auto const connected = co_await transport_->connect();
        if (connected.has_error()) {
            connect_failed(connected.error());
        } else {
            co_await prepare();
            open();
            while (!ended_ && !stopping_)
                co_await wake_.wait();
            co_await close();
        }
        if (stopping_)
            break;
        wake_.clear();
        if (!hurried_)
            co_await wake_.wait_for(delay_);
    }
    running_ = false;
    finished_.set();
}

asio::awaitable<void> sink::state::stop()
{
    stopping_ = true;
    wake_.set();
    if (running_)
        co_await finished_.wait_for(options_.stop_patience + stop_margin);
    save_timer_.cancel();
    pump_timer_.cancel();
    save_cursor();
    source_ = nullptr;
}

void sink::state::begin_attempt()
{
    if (!transport_)
        transport_ = connections_(counts_.version, server_);
    attempted_ = now();
    ended_.reset();
    end_told_ = false;
    hurried_ = false;
    auto lost = [generation = ++generation_](state& self, error_code ec) {
        if (generation == self.generation_)
            self.end_session(ec);
    };
    transport_->on_lost(guarded(std::move(lost)));
    transport_->on_message(guarded([](state& self, message const& m) { self.received(m); }));
    transport_->set_will(outbox_->will());
    cursor_changed(); // the outbox counts attempts
    save_cursor();
}

asio::awaitable<void> sink::state::prepare()
{
    for (auto const& topic : outbox_->subscriptions()) {
        if (stopping_ || ended_)
            co_return;
        auto const granted = co_await transport_->subscribe(topic);
        if (granted.has_error() && !ended_)
            end_session(granted.error());
    }
    for (auto const& topic : outbox_->wishes())
        if (!stopping_ && !ended_)
            static_cast<void>(co_await transport_->subscribe(topic));
    auto const own = outbox_->self_test_topic();
    if (!own.empty() && counts_.version == mqtt_3_1_1 && !stopping_ && !ended_)
        static_cast<void>(co_await transport_->subscribe(own)); // refused: then no echo comes, which is told
}

void sink::state::connect_failed(error_code ec)
{
    if (ec == mqtt::errc::rejected && counts_.version != mqtt_3_1_1 && !fell_back_) {
        fell_back_ = true;
        counts_.version = mqtt_3_1_1;
        transport_.reset();
        delay_ = {};
        report(report_level::warning, "the broker refuses MQTT 5: trying MQTT 3.1.1");
        return;
    }
    if (ec == mqtt::errc::connect_failed || ec == mqtt::errc::bad_options)
        outbox_->never_left();
    delay_ = backoff_.left(pause_after(ec), std::chrono::duration_cast<milliseconds>(now() - attempted_));
    auto const why = in_words(ec);
    if (failures_[server_].due(why, now())) {
        tell_connected_ = true;
        report(ec == remedy::reconfigure ? report_level::error : report_level::warning,
               fmt::format("not connected{}: {}; trying again", server_name(), why));
    }
    next_server();
    if (server_ != 0) // the long pause comes when all of them were asked
        delay_ = std::min(delay_, options_.reconnect.first);
}

void sink::state::next_server()
{
    if (options_.fallback.empty())
        return;
    server_ = (server_ + 1) % (options_.fallback.size() + 1);
    transport_.reset();
    outbox_->server_changed();
}

std::string sink::state::server_name() const
{
    if (options_.fallback.empty())
        return {};
    return server_ == 0
               ? fmt::format(" at {}:{}", options_.session.host, options_.session.port)
               : fmt::format(" at {}:{}", options_.fallback[server_ - 1].host, options_.fallback[server_ - 1].port);
}

sink::state::milliseconds sink::state::pause_after(error_code why)
{
    if (why == remedy::reconfigure)
        return backoff_.after_refusal();
    return backoff_.after_failure(std::uniform_real_distribution{0.0, 1.0}(random_));
}

void sink::state::open()
{
    if (stopping_ || ended_)
        return;
    ++counts_.connects;
    failures_[server_].clear();
    opened_ = now();
    read_after_ = {};
    serving_ = true;
    outbox_->ended();
    outbox_->greet(this_moment());
    expect_echo();
    auto const behind = outbox_->records().progress().unconfirmed().size();
    if (std::exchange(tell_connected_, false))
        report(report_level::info,
               fmt::format("connected{} with MQTT {}, {} positions of the journal to catch up with{}{}", server_name(),
                           counts_.version == mqtt_3_1_1 ? "3.1.1" : "5", behind,
                           outbox_->condition().empty() ? "" : ", ", outbox_->condition()));
    schedule_pump();
}

asio::awaitable<void> sink::state::close()
{
    auto const held = std::chrono::duration_cast<milliseconds>(now() - opened_);
    bool const greeted = serving_;
    serving_ = false;
    echo_timer_.cancel();
    if ((!ended_ || leaving_) && greeted)
        co_await farewell(options_.stop_patience);
    else
        co_await transport_->disconnect(at_once);
    ++generation_;
    outbox_->ended();
    if (ended_)
        session_ended(*ended_, held);
}

std::string sink::state::in_words(error_code ec) const
{
    auto const said = transport_ ? transport_->reason() : std::string{};
    return said.empty() ? ec.message() : fmt::format("{} (the broker says: {})", ec.message(), said);
}

/// The last words need places in the window like everything else; what is in flight may still be confirmed meanwhile.
asio::awaitable<void> sink::state::farewell(milliseconds patience)
{
    auto const deadline = now() + patience;
    auto const here = [this] { return !ended_ || leaving_; };
    for (auto& words : outbox_->farewell(this_moment())) {
        while (here() && transport_->window_free() == 0 && now() < deadline)
            co_await wake_.wait_for(deadline - now());
        if (here() && transport_->window_free() > 0)
            hand_over({std::move(words), std::nullopt});
    }
    auto const left = std::chrono::ceil<milliseconds>(deadline - now());
    co_await transport_->disconnect(std::max(left, at_once));
}

void sink::state::end_session(error_code why)
{
    if (ended_)
        return;
    ended_ = why;
    wake_.set();
}

void sink::state::session_ended(error_code why, milliseconds held)
{
    auto const words = in_words(why);
    ++counts_.losses;
    backoff_.connected_for(held);
    short_sessions_ = held < short_session ? short_sessions_ + 1 : 0;
    bool const sent_away = std::exchange(leaving_, false);
    delay_ = sent_away ? options_.reconnect.first : pause_after(why);
    if (sent_away) // the host is not there: it may be at the next one
        next_server();
    if (held >= options_.calm)
        losses_.clear();
    if (end_told_)
        return;
    auto const waiting = outbox_->records().progress().unconfirmed().size();
    if (losses_.due(words, now())) {
        tell_connected_ = true;
        report(report_level::warning,
               fmt::format("connection ended: {}; {} positions of the journal are unconfirmed", words, waiting));
    }
    if (short_sessions_ == short_sessions_suspicious)
        report(report_level::warning, fmt::format("the connection keeps ending right after it was made: is another "
                                                  "client using the client id \"{}\"?",
                                                  options_.session.client_id));
}

void sink::state::report(report_level level, std::string_view text) const
{
    if (options_.report)
        options_.report(level, std::string{text});
}

} // namespace kilnwatt::publish
