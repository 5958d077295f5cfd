#include "agent/publish/sink_state.hpp"
#include "protocols/mqtt/error.hpp"

#include <boost/asio/post.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace kilnwatt::publish {

namespace asio = boost::asio;

/// Completions and commits that arrive together are answered by one burst of publishes.
void sink::state::schedule_pump()
{
    if (!serving_ || pump_posted_)
        return;
    pump_posted_ = true;
    auto once = [](state& self) {
        self.pump_posted_ = false;
        self.pump();
    };
    asio::post(executor_, guarded(std::move(once)));
}

void sink::state::pump()
{
    if (serving_ && !ended_ && outbox_->settle(this_moment()))
        cursor_changed();
    while (serving_ && !ended_ && transport_->window_free() > 0) {
        auto out = outbox_->next(this_moment());
        if (!out)
            break;
        hand_over(*std::move(out));
    }
    if (outbox_->has_keepsake())
        cursor_changed();
    if (!serving_ || ended_)
        return;
    ask_for_backlog();
    pump_later();
}

/// Wakes the pump when the backlog's rate or a pause between reads lets it go on.
void sink::state::pump_later()
{
    auto const rate = outbox_->wait(this_moment());
    auto const read = std::max(std::chrono::ceil<milliseconds>(read_after_ - now()), milliseconds{0});
    auto const wait = rate.count() == 0 || read.count() == 0 ? std::max(rate, read) : std::min(rate, read);
    if (wait.count() == 0)
        return;
    pump_timer_.expires_after(wait);
    auto again = [](state& self, error_code ec) {
        if (!ec)
            self.schedule_pump();
    };
    pump_timer_.async_wait(guarded(std::move(again)));
}

void sink::state::hand_over(outgoing out)
{
    auto done = [generation = generation_, topic = out.what.topic, item = std::move(out.item)](
                    state& self, error_code ec) { self.completed(generation, topic, item, ec); };
    transport_->publish(std::move(out.what), guarded(std::move(done)));
}

void sink::state::received(message const& m)
{
    if (m.topic == outbox_->self_test_topic() && !m.retain)
        echo_timer_.cancel();
    auto const answer = outbox_->received(m, this_moment());
    counts_.commands_refused += answer.refused;
    if (!answer.refusal.empty())
        if (auto const line = commands_.tell(answer.refusal, now()))
            report(report_level::warning, *line);
    if (answer.end_session && !ended_) {
        leaving_ = true;
        end_session(mqtt::errc::lost);
    }
    schedule_pump();
}

/// MQTT 3.1.1 acknowledges what an access list forbids. Only the echo of our own message shows that it went through.
void sink::state::expect_echo()
{
    auto const topic = outbox_->self_test_topic();
    if (topic.empty() || counts_.version != mqtt_3_1_1)
        return;
    echo_timer_.expires_after(options_.echo_patience);
    auto overdue = [topic](state& self, error_code ec) {
        if (ec || !self.serving_ || !self.rights_.due(topic, self.now()))
            return;
        self.report(report_level::error,
                    fmt::format("the broker does not give back {}: its access list must let this client write and read "
                                "it; what is published now may be lost",
                                topic));
    };
    echo_timer_.async_wait(guarded(std::move(overdue)));
}

void sink::state::completed(int generation, std::string const& topic, std::optional<lane_item> const& item,
                            error_code ec)
{
    if (generation != generation_)
        return;
    if (stopping_)
        wake_.set(); // the farewell may wait for a place in the window
    if (ec == remedy::reconfigure)
        return refused(topic, item.has_value(), ec);
    if (ec)
        return end_session(ec);
    if (item) {
        outbox_->delivered(*item, this_moment());
        cursor_changed();
    } else {
        outbox_->told(topic);
    }
    schedule_pump();
}

/// A record that the broker does not want stays in the cursor and stops the session: going on would leave a hole.
void sink::state::refused(std::string const& topic, bool is_record, error_code ec)
{
    ++counts_.refused;
    if (refusals_.due(topic, now()))
        report(report_level::error, fmt::format("the broker refuses {}: {}{}", topic, in_words(ec),
                                                is_record ? "; its records wait until it accepts them" : ""));
    if (!is_record)
        return schedule_pump();
    end_told_ = true;
    end_session(ec);
}

void sink::state::ask_for_backlog()
{
    if (!source_ || now() < read_after_)
        return;
    auto const range = outbox_->records().want_read(source_->oldest());
    if (auto const dropped = outbox_->records().dropped(); dropped > dropped_reported_) {
        report(report_level::warning,
               fmt::format("the journal dropped {} positions before they could be sent", dropped - dropped_reported_));
        dropped_reported_ = dropped;
        cursor_changed();
    }
    if (!range)
        return;
    auto arrived = [generation = generation_, asked = *range](state& self, batch_ptr const& found, position next) {
        self.got_backlog(generation, asked, found, next);
    };
    // The journal answers on its own thread.
    auto done = [executor = executor_, handler = guarded(std::move(arrived))](batch_ptr found, position next) {
        asio::post(executor, [handler, found = std::move(found), next] { handler(found, next); });
    };
    source_->read(*range, options_.backlog_chunk, std::move(done));
}

void sink::state::got_backlog(int generation, position_range asked, batch_ptr const& found, position next)
{
    if (generation != generation_)
        return;
    if (next <= asked.first)
        read_after_ = now() + options_.read_pause;
    outbox_->records().read_done(asked, found, next);
    cursor_changed();
    schedule_pump();
}

void sink::state::cursor_changed()
{
    cursor_dirty_ = true;
    if (save_armed_ || !source_)
        return;
    save_armed_ = true;
    save_timer_.expires_after(options_.cursor_interval);
    auto due = [](state& self, error_code ec) {
        self.save_armed_ = false;
        if (!ec)
            self.save_cursor();
    };
    save_timer_.async_wait(guarded(std::move(due)));
}

void sink::state::save_cursor()
{
    if (!cursor_dirty_ || !source_)
        return;
    cursor_dirty_ = false;
    auto const& progress = outbox_->records().progress();
    saved_cursor const now_known{progress, outbox_->memory(), outbox_->ledger()};
    source_->save_cursor(options_.name, now_known.text(), progress.lowest());
    if (auto kept = outbox_->take_keepsake())
        source_->save_keepsake(options_.name, *std::move(kept));
}

} // namespace kilnwatt::publish
