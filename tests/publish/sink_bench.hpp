#pragma once

#include "agent/publish/saved_cursor.hpp"
#include "agent/publish/sink.hpp"
#include "tests/publish/sink_fakes.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::publish::test {

using namespace std::chrono_literals;

/// One life of the agent with one sink: its own executor, a broker and a journal that outlive it. Nothing waits: pauses
/// between attempts are none, unless a test sets them to hours.
struct bench {
    fake_broker& broker;
    fake_records& journal;
    std::vector<std::string> lines;
    boost::asio::io_context io;
    std::optional<publish::sink> sink;

    bench(fake_broker& b, fake_records& j, std::function<void(sink_options&)> change = {}) : broker{b}, journal{j}
    {
        sink_options o;
        o.name = "dash";
        o.root = "r";
        o.reconnect = {0ms, 0ms, 1h, 10s};
        o.cursor_interval = 0ms;
        o.report = [this](report_level, std::string line) { lines.push_back(std::move(line)); };
        if (change)
            change(o);
        sink.emplace(io.get_executor(), o, journal, device_catalogue{}, plant_clock{}, broker.connections());
        sink->start();
    }

    /// Runs everything that can run without time passing.
    void settle()
    {
        io.restart();
        while (io.poll() > 0) {
        }
    }

    void commit(std::vector<layout_ptr> const& layouts)
    {
        sink->on_committed(journal.commit(layouts));
        settle();
    }

    void acknowledge()
    {
        while (!broker.flying.empty()) {
            broker.acknowledge_all();
            settle();
        }
    }

    /// The broker refuses the first outstanding message of this topic.
    void refuse(std::string const& topic)
    {
        auto const at = std::find_if(broker.flying.begin(), broker.flying.end(),
                                     [&](auto const& f) { return f.what.topic == topic; });
        REQUIRE(at != broker.flying.end());
        broker.complete(static_cast<std::size_t>(at - broker.flying.begin()), mqtt::errc::not_authorised);
    }

    void stop()
    {
        bool stopped = false;
        auto stopping = [](publish::sink& s, bool& done) -> boost::asio::awaitable<void> {
            co_await s.stop();
            done = true;
        };
        boost::asio::co_spawn(io, stopping(*sink, stopped), boost::asio::detached);
        io.restart();
        while (!stopped)
            io.run_one();
    }

    saved_cursor all_saved() const { return saved_cursor::parse(journal.cursors.at("dash")).value(); }
    cursor saved() const { return all_saved().where; }
    sink_ledger ledger() const { return all_saved().ledger.value(); }
};

struct plant {
    fake_broker broker;
    fake_records journal;
    layout_ptr meter = power_layout("meter-1");
};

inline std::vector<std::string> topics(std::vector<message> const& all)
{
    std::vector<std::string> names;
    for (auto const& m : all)
        names.push_back(m.topic);
    return names;
}

struct reading {
    std::int64_t seq;
    bool historical;

    friend bool operator==(reading const&, reading const&) = default;
};

inline std::vector<reading> readings(std::vector<message> const& all, std::size_t from = 0)
{
    std::vector<reading> found;
    for (; from < all.size(); ++from) {
        if (!all[from].topic.ends_with("/readings"))
            continue;
        auto const payload = boost::json::parse(all[from].payload).as_object();
        found.push_back({payload.at("seq").as_int64(), payload.contains("historical")});
    }
    return found;
}

} // namespace kilnwatt::publish::test
