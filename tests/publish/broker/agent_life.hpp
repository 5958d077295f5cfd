#pragma once

#include "agent/publish/journal_records.hpp"
#include "agent/publish/sink.hpp"
#include "tests/publish/publish_fixtures.hpp"
#include "tests/support/await.hpp"
#include "tests/support/mosquitto_broker.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace kilnwatt::publish::test {

using kilnwatt::test::eventually;
using kilnwatt::test::mosquitto_broker;
using kilnwatt::test::process;
using kilnwatt::test::read_text_file;
using kilnwatt::test::run_until;
using kilnwatt::test::scratch_folder;

/// The north half of an agent: a real journal and real sinks, from start to stop.
class agent_life {
public:
    explicit agent_life(std::string const& path, std::chrono::milliseconds commit = std::chrono::milliseconds{5})
    {
        std::string why;
        auto opened = journal::journal::open({.path = path, .commit = commit}, clock, why);
        REQUIRE(opened.has_value());
        ledger = std::move(*opened);
        source_.emplace(*ledger);
        ledger->on_commit([this](batch_ptr committed) {
            boost::asio::post(io, [this, committed] {
                for (auto& s : sinks_)
                    s->on_committed(committed);
            });
        });
    }

    ~agent_life() { stop(); }
    agent_life(agent_life const&) = delete;
    agent_life& operator=(agent_life const&) = delete;

    publish::sink& add(sink_options o, device_catalogue devices = {})
    {
        o.report = [this, name = o.name](report_level, std::string line) { lines.push_back(name + ": " + line); };
        sinks_.push_back(std::make_unique<publish::sink>(io.get_executor(), o, *source_, std::move(devices), clock));
        return *sinks_.back();
    }

    void start()
    {
        ledger->start();
        for (auto& s : sinks_)
            s->start();
    }

    void stop()
    {
        for (auto& s : sinks_)
            kilnwatt::test::await(io, s->stop());
        ledger->stop();
        sinks_.clear();
    }

    /// Rows of a device and stream, each with a value of its own.
    void append(std::string const& device, stream kind, int count)
    {
        auto& l = layouts_[{device, kind}];
        if (!l)
            l = power_layout(device, kind);
        for (int i = 0; i < count; ++i) {
            auto r = power_record(l, 0, 0, ++values_[{device, kind}]).data;
            r.time = clock.now();
            REQUIRE(ledger->append(std::move(r)));
        }
    }

    template <class F>
    bool until(F done)
    {
        return kilnwatt::test::run_until(io, std::move(done));
    }

    /// Runs until the sink has confirmed all that was appended.
    bool delivered(publish::sink const& s)
    {
        std::uint64_t appended = 0;
        for (auto const& [key, last] : values_)
            appended += static_cast<std::uint64_t>(last);
        return until(
            [&] { return ledger->head() > appended && s.statistics().backlog == 0 && s.statistics().connected; });
    }

    plant_clock clock;
    boost::asio::io_context io;
    std::unique_ptr<journal::journal> ledger;
    std::vector<std::string> lines; ///< of the log

private:
    std::optional<journal_records> source_;
    std::vector<std::unique_ptr<publish::sink>> sinks_;
    std::map<std::pair<std::string, stream>, layout_ptr> layouts_;
    std::map<std::pair<std::string, stream>, std::int64_t> values_;
};

inline sink_options options_for(kilnwatt::test::mosquitto_broker const& broker, std::string name)
{
    sink_options o;
    o.session.host = "127.0.0.1";
    o.session.port = broker.port();
    o.session.client_id = "gateway-" + name;
    o.agent_version = "0.1.0";
    o.root = "r";
    o.name = std::move(name);
    return o;
}

/// mosquitto_sub with a session that outlives the broker's restarts, if the broker keeps it.
class watcher {
public:
    watcher(kilnwatt::test::mosquitto_broker const& broker, std::string const& filter)
        : log_{broker.folder().file("watched")}, sub_{{"mosquitto_sub", "-h", "127.0.0.1", "-p",
                                                       std::to_string(broker.port()), "-i", "watcher", "-c", "-q", "1",
                                                       "-t", filter, "-F", "%U %r %t %x"},
                                                      log_}
    {}

    struct line {
        double at; ///< s since 1970
        bool retained;
        std::string topic;
        std::string payload;
    };

    std::vector<line> lines() const
    {
        std::vector<line> all;
        std::istringstream text{kilnwatt::test::read_text_file(log_)};
        for (std::string one; std::getline(text, one);) {
            std::istringstream words{one};
            line l{};
            std::string hex;
            words >> l.at >> l.retained >> l.topic >> hex;
            for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
                l.payload += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
            all.push_back(std::move(l));
        }
        return all;
    }

private:
    std::string log_;
    kilnwatt::test::process sub_;
};

/// Lines of mosquitto.conf for a broker that forgets nothing at its restart and drops nothing for a slow subscriber.
inline std::vector<std::string> forgetting_nothing(kilnwatt::test::mosquitto_broker const& broker)
{
    return {"allow_anonymous true", "max_queued_messages 0", "queue_qos0_messages true", "persistence true",
            "persistence_location " + broker.folder().path() + "/"};
}

} // namespace kilnwatt::publish::test
