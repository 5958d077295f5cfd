#include "agent/publish/json_sink_state.hpp"
#include "protocols/mqtt/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kilnwatt::publish {

namespace asio = boost::asio;

namespace {

constexpr milliseconds at_once{0};

constexpr int mqtt_3_1_1 = 4;
constexpr std::chrono::milliseconds stop_margin{500};     ///< stop() gives up so much later than the farewell may take
constexpr std::chrono::milliseconds short_session{5'000}; ///< ended sooner: perhaps a rival with the same client id
constexpr int short_sessions_suspicious = 3;

} // namespace

asio::awaitable<void> json_sink::state::run()
{
    while (!stopping_) {
        begin_attempt();
        auto const connected = co_await transport_->connect();
        if (connected.has_error()) {
            connect_failed(connected.error());
        } else {
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

asio::awaitable<void> json_sink::state::stop()
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

void json_sink::state::begin_attempt()
{
    if (!transport_)
        transport_ = connections_(counts_.version);
    ended_.reset();
    end_told_ = false;
    hurried_ = false;
    auto lost = [generation = ++generation_](state& self, error_code ec) {
        if (generation == self.generation_)
            self.end_session(ec);
    };
    transport_->on_lost(guarded(std::move(lost)));
}

void json_sink::state::connect_failed(error_code ec)
{
    if (ec == mqtt::errc::rejected && counts_.version != mqtt_3_1_1 && !fell_back_) {
        fell_back_ = true;
        counts_.version = mqtt_3_1_1;
        transport_.reset();
        delay_ = {};
        report(report_level::warning, "the broker refuses MQTT 5: trying MQTT 3.1.1");
        return;
    }
    delay_ = pause_after(ec);
    if (last_complaint_ == ec.message())
        return;
    last_complaint_ = ec.message();
    report(ec == remedy::reconfigure ? report_level::error : report_level::warning,
           fmt::format("not connected: {}; trying again", last_complaint_));
}

json_sink::state::milliseconds json_sink::state::pause_after(error_code why)
{
    if (why == remedy::reconfigure)
        return backoff_.after_refusal();
    return backoff_.after_failure(std::uniform_real_distribution{0.0, 1.0}(random_));
}

void json_sink::state::open()
{
    if (stopping_)
        return;
    ++counts_.connects;
    last_complaint_.clear();
    opened_ = now();
    read_after_ = {};
    serving_ = true;
    outbox_.records().restart();
    outbox_.greet();
    auto const behind = outbox_.records().progress().unconfirmed().size();
    report(report_level::info, fmt::format("connected with MQTT {}, {} positions of the journal to catch up with",
                                           counts_.version == mqtt_3_1_1 ? "3.1.1" : "5", behind));
    schedule_pump();
}

asio::awaitable<void> json_sink::state::close()
{
    auto const held = std::chrono::duration_cast<milliseconds>(now() - opened_);
    bool const greeted = serving_;
    serving_ = false;
    if (!ended_ && greeted)
        co_await farewell(options_.stop_patience);
    else
        co_await transport_->disconnect(at_once);
    ++generation_;
    outbox_.records().restart();
    if (ended_)
        session_ended(*ended_, held);
}

/// `offline` needs a place in the window like everything else; what is in flight may still be confirmed meanwhile.
asio::awaitable<void> json_sink::state::farewell(milliseconds patience)
{
    auto const deadline = now() + patience;
    while (!ended_ && transport_->window_free() == 0 && now() < deadline)
        co_await wake_.wait_for(deadline - now());
    if (!ended_ && transport_->window_free() > 0)
        hand_over({snapshots::status(options_.root, "offline"), std::nullopt});
    auto const left = std::chrono::ceil<milliseconds>(deadline - now());
    co_await transport_->disconnect(std::max(left, at_once));
}

void json_sink::state::end_session(error_code why)
{
    if (ended_)
        return;
    ended_ = why;
    wake_.set();
}

void json_sink::state::session_ended(error_code why, milliseconds held)
{
    ++counts_.losses;
    backoff_.connected_for(held);
    short_sessions_ = held < short_session ? short_sessions_ + 1 : 0;
    delay_ = pause_after(why);
    if (end_told_)
        return;
    auto const waiting = outbox_.records().progress().unconfirmed().size();
    report(report_level::warning,
           fmt::format("connection ended: {}; {} positions of the journal are unconfirmed", why.message(), waiting));
    if (short_sessions_ == short_sessions_suspicious)
        report(report_level::warning, fmt::format("the connection keeps ending right after it was made: is another "
                                                  "client using the client id \"{}\"?",
                                                  options_.session.client_id));
}

void json_sink::state::report(report_level level, std::string_view text) const
{
    if (options_.report)
        options_.report(level, std::string{text});
}

} // namespace kilnwatt::publish
