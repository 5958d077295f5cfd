#pragma once

#include "agent/publish/complaint_log.hpp"
#include "agent/publish/saved_cursor.hpp"
#include "agent/publish/sink.hpp"
#include "agent/publish/wake_up.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <random>
#include <string_view>

namespace kilnwatt::publish {

using mqtt::mqtt_3_1_1;

/// Where a sink goes on after a restart.
struct restored_cursor {
    saved_cursor saved; ///< with a ledger
    bool damaged;       ///< what was saved cannot be right: everything the journal holds is sent again
};

restored_cursor restore_cursor(records const& source, std::string const& sink, stream_set published);

/// What the sink's coroutine (sink_loop.cpp) and its handlers (sink_pump.cpp) share. Handlers hold it weakly,
/// so that none outlives the sink.
struct sink::state : std::enable_shared_from_this<state> {
    using error_code = boost::system::error_code;
    using milliseconds = std::chrono::milliseconds;
    using steady_time = std::chrono::steady_clock::time_point;

    state(boost::asio::any_io_executor ex, sink_options o, records& source, plant_clock clock,
          transport_factory connections, std::unique_ptr<outbox> messages);

    // The life of the sink: connect, serve, wait, again.
    boost::asio::awaitable<void> run();
    boost::asio::awaitable<void> stop();
    void begin_attempt();
    void connect_failed(error_code ec);
    boost::asio::awaitable<void> prepare(); ///< subscriptions; ends the session when one fails
    void open();
    boost::asio::awaitable<void> close();
    boost::asio::awaitable<void> farewell(milliseconds patience);
    void end_session(error_code why);
    void session_ended(error_code why, milliseconds held);
    milliseconds pause_after(error_code why);
    void next_server();
    std::string server_name() const; ///< " at <host>:<port>"; "" when there is but one

    // While it serves: messages out, confirmations in.
    void schedule_pump();
    void pump();
    void pump_later();
    void hand_over(outgoing out);
    void received(message const& m);
    void expect_echo();
    void completed(int generation, std::string const& topic, std::optional<lane_item> const& item, error_code ec);
    void refused(std::string const& topic, bool is_record, error_code ec);
    void ask_for_backlog();
    void got_backlog(int generation, position_range asked, batch_ptr const& found, position next);
    void cursor_changed();
    void save_cursor();

    std::string in_words(error_code ec) const; ///< with what the broker said
    void report(report_level level, std::string_view text) const;
    steady_time now() const { return clock_.machine_time(clock_.now().mono); }
    moment this_moment() const
    {
        auto const t = clock_.now();
        return {clock_.machine_time(t.mono), t.utc};
    }

    /// A handler that does nothing once the sink is gone.
    template <class F>
    auto guarded(F f)
    {
        return [weak = weak_from_this(), f = std::move(f)](auto&&... args) {
            if (auto const self = weak.lock())
                f(*self, std::forward<decltype(args)>(args)...);
        };
    }

    boost::asio::any_io_executor executor_;
    sink_options options_;
    records* source_; ///< null once stopped
    plant_clock clock_;
    transport_factory connections_;
    std::unique_ptr<outbox> outbox_;
    backoff backoff_;
    std::minstd_rand random_{std::random_device{}()};
    std::unique_ptr<transport> transport_;
    wake_up wake_;     ///< of the loop
    wake_up finished_; ///< of stop()
    boost::asio::steady_timer save_timer_;
    boost::asio::steady_timer pump_timer_;
    boost::asio::steady_timer echo_timer_; ///< of the self-test

    bool running_ = false;
    bool stopping_ = false;
    bool serving_ = false; ///< connected, and records may go out
    bool pump_posted_ = false;
    bool save_armed_ = false;
    bool cursor_dirty_ = false;
    bool fell_back_ = false; ///< from MQTT 5 to 3.1.1
    bool end_told_ = false;  ///< why this session ends was reported
    bool leaving_ = false;   ///< this session ends because the host asked: with a farewell
    bool hurried_ = false;   ///< no pause before the next attempt
    int generation_ = 0;     ///< of the connection: completions of an older one are ignored
    std::optional<error_code> ended_;
    milliseconds delay_{}; ///< before the next attempt
    steady_time attempted_{};
    steady_time opened_{};
    steady_time read_after_{}; ///< no read of the journal before
    int short_sessions_ = 0;
    std::uint64_t dropped_reported_ = 0;
    std::size_t server_ = 0;                        ///< 0 = of the session options, then the fallbacks
    std::map<std::size_t, complaint_log> failures_; ///< of attempts, by server
    complaint_log losses_;                          ///< of connections
    complaint_log refusals_;                        ///< of messages
    burst_log commands_;                            ///< refused ones
    complaint_log rights_;                          ///< of the self-test
    bool tell_connected_ = true;
    sink_statistics counts_; ///< version, connects, losses and what was refused only
};

} // namespace kilnwatt::publish
