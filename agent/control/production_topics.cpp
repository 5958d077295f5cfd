#include "agent/control/production_topics.hpp"

#include "agent/control/production_message.hpp"
#include "agent/control/production_track.hpp"
#include "agent/publish/backoff.hpp"
#include "protocols/mqtt/error.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <random>
#include <utility>

namespace kilnwatt::control {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto farewell = 500ms;

} // namespace

struct production_topics::state : std::enable_shared_from_this<production_topics::state> {
    struct topic {
        production_track track;
        layout_ptr layout;
        bool denied = false; ///< the broker does not grant it, and that is told
    };

    state(asio::any_io_executor executor, broker b, plant_clock k, handlers h)
        : from{std::move(b)}, clock{k}, tell{std::move(h)}, wake{executor}, finished{executor}
    {}

    asio::awaitable<void> run();
    void listen_on_link();
    asio::awaitable<void> subscribe_all();
    asio::awaitable<void> wait();
    void received(publish::message const& m);
    void obey(topic& t, production_track::decision const& d);
    std::chrono::milliseconds connect_failed(boost::system::error_code why);
    std::chrono::milliseconds next_pause() { return pause.after_failure(spread(random)); }
    void unreachable(std::string const& why);

    broker from;
    std::size_t server = 0;
    plant_clock clock;
    handlers tell;
    std::vector<topic> topics;
    publish::backoff pause{{}};
    std::mt19937 random{std::random_device{}()};
    std::uniform_real_distribution<double> spread{0, 1};
    publish::wake_up wake;
    publish::wake_up finished;
    std::unique_ptr<publish::transport> link;
    bool lost = false;
    bool stopping = false;
    bool running = false;
    bool complained = false; ///< that the broker cannot be reached
};

production_topics::production_topics(asio::any_io_executor executor, broker from,
                                     std::vector<settings::production_settings> topics, plant_clock clock, handlers h)
    : state_{std::make_shared<state>(std::move(executor), std::move(from), clock, std::move(h))}
{
    for (auto& t : topics) {
        auto l = production_layout(t.name, t.point);
        auto const memory = state_->tell.recall ? state_->tell.recall(t.name) : std::string{};
        state_->topics.push_back({production_track{std::move(t), memory}, std::move(l)});
    }
}

production_topics::~production_topics() = default;

void production_topics::start()
{
    state_->running = true;
    auto run = [s = state_]() -> asio::awaitable<void> { co_await s->run(); };
    asio::co_spawn(state_->wake.executor(), std::move(run), asio::detached);
}

asio::awaitable<void> production_topics::stop()
{
    auto const s = state_;
    s->stopping = true;
    s->wake.set();
    if (s->running)
        co_await s->finished.wait_for(2 * farewell);
    s->tell = {};
}

asio::awaitable<void> production_topics::state::run()
{
    while (!stopping) {
        listen_on_link();
        auto const connected = co_await link->connect();
        std::chrono::milliseconds delay{};
        if (connected.has_error()) {
            delay = connect_failed(connected.error());
        } else {
            auto const since = clock.now().mono;
            co_await subscribe_all();
            while (!lost && !stopping)
                co_await wait();
            pause.connected_for(clock.now().mono - since);
            delay = next_pause();
            for (auto& t : topics) {
                t.track.lost();
                if (tell.offline && !stopping)
                    tell.offline(t.track.what().name);
            }
        }
        if (!lost)
            co_await link->disconnect(farewell);
        if (stopping)
            break;
        wake.clear(); // of what ended this connection
        co_await wake.wait_for(delay);
    }
    running = false;
    finished.set();
}

void production_topics::state::listen_on_link()
{
    link = from.connections(from.version, server);
    lost = false;
    std::weak_ptr<state> const weak = weak_from_this();
    link->on_lost([weak](boost::system::error_code) {
        if (auto const s = weak.lock()) {
            s->lost = true;
            s->wake.set();
        }
    });
    link->on_message([weak](publish::message const& m) {
        if (auto const s = weak.lock())
            s->received(m);
    });
}

/// What to wait for before the next attempt.
std::chrono::milliseconds production_topics::state::connect_failed(boost::system::error_code why)
{
    if (why == mqtt::errc::rejected && from.version != mqtt::mqtt_3_1_1) {
        from.version = mqtt::mqtt_3_1_1;
        return next_pause();
    }
    unreachable(why.message());
    server = (server + 1) % from.servers;
    if (why == remedy::reconfigure && server == 0) // all of them were asked
        return pause.after_refusal();
    return next_pause();
}

asio::awaitable<void> production_topics::state::subscribe_all()
{
    complained = false;
    for (auto& t : topics) {
        if (stopping || lost)
            break;
        auto const& what = t.track.what();
        auto name = what.topic;
        auto const granted = co_await link->subscribe(std::move(name));
        if (lost)
            break;
        if (granted.has_error() && !t.denied && tell.complain)
            tell.complain(what.name, fmt::format("topic {} is refused: {}", what.topic, granted.error().message()));
        t.denied = granted.has_error();
        if (!t.denied)
            t.track.connected(clock.now().mono);
    }
}

/// For something to happen, or for what the tracks are due to say by themselves.
asio::awaitable<void> production_topics::state::wait()
{
    std::optional<mono_time> due;
    for (auto const& t : topics)
        if (auto const next = t.track.due())
            due = std::min(due.value_or(*next), *next);
    if (!due) {
        co_await wake.wait();
        co_return;
    }
    if (auto const left = *due - clock.now().mono; left > mono_time::duration::zero())
        co_await wake.wait_for(left);
    auto const now = clock.now().mono;
    for (auto& t : topics)
        obey(t, t.track.at(now));
}

void production_topics::state::unreachable(std::string const& why)
{
    if (complained || !tell.complain)
        return;
    complained = true;
    for (auto const& t : topics)
        tell.complain(t.track.what().name,
                      fmt::format("the broker of topic {} cannot be reached: {}", t.track.what().topic, why));
}

void production_topics::state::received(publish::message const& m)
{
    for (auto& t : topics) {
        if (t.track.what().topic != m.topic || stopping || !tell.read)
            continue;
        auto const before = t.track.memory();
        auto const d = t.track.received(m.payload, m.retain, clock.now().mono);
        if (auto const after = t.track.memory(); after != before && tell.remember)
            tell.remember(t.track.what().name, after); // also when its reading waits: none is lost at a restart
        obey(t, d);
    }
    wake.set(); // what is due may have changed
}

void production_topics::state::obey(topic& t, production_track::decision const& d)
{
    auto const& what = t.track.what();
    if (!d.refused.empty() && tell.complain)
        tell.complain(what.name, fmt::format("topic {} brought {}; it is left out", what.topic, d.refused));
    if (d.total && tell.read)
        tell.read({t.layout, clock.now(), {cell_of(*d.total)}, {}});
    if (!d.silent)
        return;
    if (tell.silent)
        tell.silent(what.name, *d.silent);
    if (*d.silent && tell.offline)
        tell.offline(what.name);
}

} // namespace kilnwatt::control
