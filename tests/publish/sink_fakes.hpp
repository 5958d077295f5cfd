#pragma once

#include "agent/publish/records.hpp"
#include "agent/publish/transport.hpp"
#include "protocols/mqtt/error.hpp"
#include "tests/publish/publish_fixtures.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace kilnwatt::publish::test {

/// A broker in memory that outlives connections: it takes messages and acknowledges them when the test says so.
struct fake_broker {
    struct flight {
        message what;
        transport::done completed;
    };

    int window = 20;
    std::deque<boost::system::error_code> connect_results; ///< of the next attempts; empty = accepted
    bool answers_farewell = true; ///< acknowledges what is outstanding when we disconnect patiently

    bool connected = false;
    int attempts = 0;
    std::vector<int> versions; ///< of every transport made
    std::vector<message> received;
    std::deque<flight> flying;
    transport::done lost;
    std::function<void(message)> inbound; ///< hands the sink a message
    std::string reason;                   ///< what it says when it refuses or ends something
    std::vector<message> wills;           ///< of every attempt
    std::vector<std::string> story;       ///< "connect 0" (the server), "subscribe T", "publish T", "disconnect"

    /// Completes the n-th outstanding message.
    void complete(std::size_t n, boost::system::error_code ec)
    {
        auto f = std::move(flying.at(n));
        flying.erase(flying.begin() + static_cast<std::ptrdiff_t>(n));
        f.completed(ec);
    }

    void acknowledge_all()
    {
        while (!flying.empty())
            complete(0, {});
    }

    void fail_all()
    {
        while (!flying.empty())
            complete(0, mqtt::errc::lost);
    }

    void lose()
    {
        connected = false;
        fail_all();
        lost(mqtt::errc::lost);
    }

    transport_factory connections();
};

class fake_transport final : public transport {
public:
    fake_transport(fake_broker& b, std::size_t server) : broker_{b}, server_{server} {}

    void on_lost(done handler) override { broker_.lost = std::move(handler); }

    void on_message(std::function<void(message)> handler) override { broker_.inbound = std::move(handler); }
    void set_will(message will) override { broker_.wills.push_back(std::move(will)); }

    boost::asio::awaitable<result<void>> subscribe(std::string topic) override
    {
        broker_.story.push_back("subscribe " + topic);
        co_return result<void>{};
    }

    boost::asio::awaitable<result<void>> connect() override
    {
        ++broker_.attempts;
        if (broker_.connected)
            throw std::logic_error{"connected to two servers at a time"};
        broker_.story.push_back("connect " + std::to_string(server_));
        if (!broker_.connect_results.empty()) {
            auto const ec = broker_.connect_results.front();
            broker_.connect_results.pop_front();
            if (ec)
                co_return ec;
        }
        broker_.connected = true;
        co_return result<void>{};
    }

    int window_free() const override { return broker_.window - static_cast<int>(broker_.flying.size()); }

    void publish(message m, done completed) override
    {
        if (!broker_.connected || window_free() <= 0)
            throw std::logic_error{"published without a connection or a free place"};
        broker_.story.push_back("publish " + m.topic);
        broker_.received.push_back(m);
        broker_.flying.push_back({std::move(m), std::move(completed)});
    }

    boost::asio::awaitable<void> disconnect(std::chrono::milliseconds patience) override
    {
        if (patience.count() > 0 && broker_.answers_farewell)
            broker_.acknowledge_all();
        broker_.fail_all();
        if (std::exchange(broker_.connected, false))
            broker_.story.push_back("disconnect");
        co_return;
    }

    std::string reason() const override { return broker_.reason; }

private:
    fake_broker& broker_;
    std::size_t server_;
};

inline transport_factory fake_broker::connections()
{
    return [this](int version, std::size_t server) -> std::unique_ptr<transport> {
        versions.push_back(version);
        return std::make_unique<fake_transport>(*this, server);
    };
}

/// A journal in memory: what is in it is committed.
class fake_records final : public records {
public:
    /// Commits one batch of readings; seq counts per device.
    batch_ptr commit(std::vector<layout_ptr> const& layouts)
    {
        std::vector<record> batch;
        for (auto const& l : layouts) {
            batch.push_back(power_record(l, head_, ++seq_[{l->device, l->kind}], static_cast<std::int64_t>(head_)));
            held_.emplace(head_++, batch.back());
        }
        return batch_of(std::move(batch));
    }

    void drop_before(position p)
    {
        held_.erase(held_.begin(), held_.lower_bound(p));
        oldest_ = p;
    }

    std::map<position, record> const& held() const { return held_; }
    std::map<std::string, std::string> cursors;
    position needed_from = 0; ///< what the last save_cursor() said
    int reads = 0;
    bool broken = false; ///< reads bring nothing

    std::string epoch() const override { return "k3f9"; }
    position head() const override { return head_; }
    position oldest() const override { return oldest_; }

    void read(position_range range, std::size_t max, read_done done) override
    {
        ++reads;
        std::vector<record> found;
        auto at = held_.lower_bound(range.first);
        for (; at != held_.end() && at->first < range.last && found.size() < max; ++at)
            found.push_back(at->second);
        auto const next = at != held_.end() && at->first < range.last ? at->first : range.last;
        if (broken)
            return done(batch_of({}), range.first);
        done(batch_of(std::move(found)), next);
    }

    void save_cursor(std::string const& sink, std::string bytes, position unconfirmed) override
    {
        cursors[sink] = std::move(bytes);
        needed_from = unconfirmed;
    }

    std::map<std::string, std::string> keepsakes;

    void save_keepsake(std::string const& sink, std::string text) override { keepsakes[sink] = std::move(text); }

    std::string load_keepsake(std::string const& sink) const override
    {
        auto const at = keepsakes.find(sink);
        return at == keepsakes.end() ? std::string{} : at->second;
    }

    std::string load_cursor(std::string const& sink) const override
    {
        auto const at = cursors.find(sink);
        return at == cursors.end() ? std::string{} : at->second;
    }

private:
    std::map<position, record> held_;
    std::map<std::pair<std::string, stream>, std::uint64_t> seq_;
    position head_ = 1;
    position oldest_ = 1;
};

} // namespace kilnwatt::publish::test
