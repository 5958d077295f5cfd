#include "agent/control/production_topics.hpp"

#include "agent/control/production_message.hpp"
#include "agent/publish/backoff.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <fmt/format.h>

#include <random>

namespace kilnwatt::control {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto closest = 1s; ///< two readings of a device
constexpr auto farewell = 500ms;

} // namespace

struct production_topics::state : std::enable_shared_from_this<production_topics::state> {
    struct topic {
        settings::production_settings what;
        layout_ptr layout;
        std::optional<mono_time> last; ///< of the last reading
        bool refusing = false;         ///< the last message was refused, and that is told
    };

    state(asio::any_io_executor executor, publish::transport_factory c, int v, plant_clock k, handlers h)
        : connections{std::move(c)}, version{v}, clock{k}, tell{std::move(h)}, wake{executor}, finished{executor}
    {}

    asio::awaitable<void> run();
    asio::awaitable<void> subscribe_all();
    void received(publish::message const& m);
    void unreachable(std::string const& why);

    publish::transport_factory connections;
    int version;
    plant_clock clock;
    handlers tell;
    std::vector<topic> topics;
    publish::wake_up wake;
    publish::wake_up finished;
    std::unique_ptr<publish::transport> link;
    bool lost = false;
    bool stopping = false;
    bool running = false;
    bool complained = false; ///< that the broker cannot be reached
};

production_topics::production_topics(asio::any_io_executor executor, publish::transport_factory connections,
                                     int version, std::vector<settings::production_settings> topics, plant_clock clock,
                                     handlers h)
    : state_{std::make_shared<state>(std::move(executor), std::move(connections), version, clock, std::move(h))}
{
    for (auto& t : topics) {
        auto l = production_layout(t.name, t.point);
        state_->topics.push_back({std::move(t), std::move(l), {}, false});
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
    publish::backoff pause{{}};
    std::mt19937 random{std::random_device{}()};
    std::uniform_real_distribution<double> spread{0, 1};
    while (!stopping) {
        link = connections(version, 0);
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
        auto const connected = co_await link->connect();
        if (connected.has_error()) {
            unreachable(connected.error().message());
        } else {
            co_await subscribe_all();
            pause.reset();
            while (!lost && !stopping)
                co_await wake.wait();
        }
        if (!lost)
            co_await link->disconnect(farewell);
        auto const delay = pause.after_failure(spread(random));
        if (!stopping)
            co_await wake.wait_for(delay);
    }
    running = false;
    finished.set();
}

asio::awaitable<void> production_topics::state::subscribe_all()
{
    complained = false;
    for (std::size_t i = 0; i < topics.size() && !stopping && !lost; ++i) {
        auto name = topics[i].what.topic;
        auto const granted = co_await link->subscribe(std::move(name));
        if (granted.has_error() && tell.complain)
            tell.complain(topics[i].what.name,
                          fmt::format("topic {} is refused: {}", topics[i].what.topic, granted.error().message()));
    }
}

void production_topics::state::unreachable(std::string const& why)
{
    if (complained || !tell.complain)
        return;
    complained = true;
    for (auto const& t : topics)
        tell.complain(t.what.name, fmt::format("the broker of topic {} cannot be reached: {}", t.what.topic, why));
}

void production_topics::state::received(publish::message const& m)
{
    for (auto& t : topics) {
        if (t.what.topic != m.topic || stopping || !tell.read)
            continue;
        auto const now = clock.now();
        std::string why;
        auto const total = production_total(m.payload, t.what.value, why);
        if (!total) {
            if (!t.refusing)
                tell.complain(t.what.name, fmt::format("topic {} brought {}; it is left out", t.what.topic, why));
            t.refusing = true;
            continue;
        }
        t.refusing = false;
        if (t.last && now.mono < *t.last + closest)
            continue;
        t.last = now.mono;
        tell.read({t.layout, now, {cell_of(*total * t.what.factor)}, {}});
    }
}

} // namespace kilnwatt::control
