#include "agent/control/supervisor.hpp"

#include "agent/control/agent_events.hpp"
#include "agent/control/control_server.hpp"
#include "agent/control/entered_bases.hpp"
#include "agent/control/production_topics.hpp"
#include "agent/control/service_notify.hpp"
#include "agent/control/sink_setup.hpp"
#include "agent/control/watchdog.hpp"
#include "agent/journal/journal.hpp"
#include "agent/pipeline/energy_pipeline.hpp"
#include "agent/publish/journal_records.hpp"
#include "agent/publish/mqtt_transport.hpp"
#include "protocols/modbus/deadline_list.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <filesystem>

namespace kilnwatt::control {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr auto health_period = 5s;
constexpr auto watchdog_patience = 30s; // of polls and store; the unit's WatchdogSec is longer

journal::options journal_options(settings::journal_settings const& s)
{
    journal::options o;
    o.path = s.path;
    o.commit = s.commit;
    o.sync_full = s.sync_full;
    o.budgets = {{{s.size, s.age},
                  {s.windows_size, s.windows_age},
                  {s.quarters_size, s.quarters_age},
                  {s.days_size, {}},
                  {s.events_size, s.events_age}}};
    o.disk_free_min = s.disk_free;
    return o;
}

} // namespace

struct supervisor::parts {
    parts(asio::io_context& c, site_plan p, plant_clock k, log& l)
        : context{c}, plan{std::move(p)}, clock{k}, out{l}, deadlines{c.get_executor()}, tick{c}, events{l, k}
    {}

    bool open_journal(std::string& why);
    void tell_bases(std::vector<energy::target_model> const& targets);
    void make_sinks();
    void make_productions();
    void make_pollers();
    void device_changed(std::string const& device, poll::health now, std::string const& why);
    void listen();
    void read(row r);
    void tell_unstored(row const& r);
    asio::awaitable<void> run_ticks();
    void tell_health();
    void feed_watchdog();
    publish::agent_health health_of(std::size_t sink) const;

    asio::io_context& context;
    site_plan plan;
    plant_clock clock;
    log& out;
    stamp started{};
    modbus::deadline_list deadlines;
    asio::steady_timer tick;
    std::unique_ptr<journal::journal> store;
    std::unique_ptr<publish::journal_records> records;
    std::vector<std::unique_ptr<publish::sink>> sinks;
    std::vector<std::unique_ptr<production_topics>> productions;
    std::vector<std::unique_ptr<poll::link_poller>> pollers;
    std::unique_ptr<control_server> control;
    agent_events events;
    watchdog dog{watchdog_patience};
    bool stopping = false;
};

supervisor::supervisor(asio::io_context& context, site_plan plan, plant_clock clock, log& out)
    : parts_{std::make_unique<parts>(context, std::move(plan), clock, out)}
{}

supervisor::~supervisor() = default;

bool supervisor::parts::open_journal(std::string& why)
{
    auto opened = journal::journal::open(journal_options(plan.site.journal), clock, why);
    if (opened.has_error())
        return false;
    store = *std::move(opened);
    events.store_in(*store);
    if (!why.empty()) // it opened, but something had to be set aside
        events.journal_set_aside(why);
    auto const bases = std::make_shared<entered_bases>(plan.model, plan.site.journal.path);
    plan.model.targets = bases->targets();
    tell_bases(plan.model.targets);
    auto stage = std::make_shared<pipeline::energy_pipeline>(plan.model, plan.alarms);
    stage->take_targets_from([this, bases](std::vector<row> const& entries) {
        auto targets = bases->take(entries);
        if (targets)
            asio::post(context, [this, changed = *targets] { tell_bases(changed); });
        return targets;
    });
    store->set_stage(std::move(stage));
    store->on_commit([this](journal::journal::batch_ptr batch) {
        asio::post(context, [this, batch = std::move(batch)] {
            for (auto& s : sinks)
                s->on_committed(batch);
        });
    });
    store->on_failure([this](std::string sentence) {
        asio::post(context, [this, sentence = std::move(sentence), writes = store->writes()] {
            events.journal_says(sentence, writes);
        });
    });
    store->on_unstored([this](journal::journal::batch_ptr lost) {
        asio::post(context, [this, lost = std::move(lost)] {
            for (auto const& r : *lost)
                tell_unstored(r.data);
        });
    });
    store->on_dropped([this](std::vector<journal::dropped_range> ranges) {
        asio::post(context, [this, ranges = std::move(ranges)] { events.journal_dropped(ranges); });
    });
    records = std::make_unique<publish::journal_records>(*store);
    for (auto& link : plan.links)
        for (auto& d : link.devices)
            d.device.remember(store->load_memory(d.device.name()));
    return true;
}

void supervisor::parts::tell_bases(std::vector<energy::target_model> const& targets)
{
    for (auto const& t : targets)
        if (t.base_is_entered)
            events.target_base(t);
}

void supervisor::parts::make_sinks()
{
    auto const devices = catalogue_of(plan);
    for (auto const& m : plan.site.mqtt) {
        auto o = sink_options_of(m, started.utc);
        o.report = [this, name = m.name](publish::report_level level, std::string line) {
            auto const text = "mqtt " + name + ": " + line;
            if (level == publish::report_level::info)
                out.info(text);
            else if (level == publish::report_level::warning)
                out.warning(text);
            else
                out.error(text);
        };
        sinks.push_back(
            std::make_unique<publish::sink>(context.get_executor(), std::move(o), *records, devices, clock));
    }
}

/// One connection a broker that production comes from.
void supervisor::parts::make_productions()
{
    for (std::size_t i = 0; i < plan.site.mqtt.size(); ++i) {
        std::vector<settings::production_settings> topics;
        for (auto const& p : plan.site.productions)
            if (p.broker == i)
                topics.push_back(p);
        if (topics.empty())
            continue;
        auto o = sink_options_of(plan.site.mqtt[i], started.utc);
        o.session.client_id += "-production";
        auto complain = [this](std::string const& device, std::string const& sentence) {
            events.production_refused(device, sentence);
        };
        auto take = [this](row r) {
            for (auto& s : sinks)
                s->set_availability(r.layout->device, publish::availability::online);
            read(std::move(r));
        };
        auto offline = [this](std::string const& device) {
            for (auto& s : sinks)
                s->set_availability(device, publish::availability::offline);
        };
        production_topics::handlers h{std::move(take), std::move(complain), std::move(offline)};
        h.silent = [this](std::string const& device, bool silent) { events.production_silent(device, silent); };
        h.remember = [this](std::string const& device, std::string m) { store->save_memory(device, std::move(m)); };
        h.recall = [this](std::string const& device) { return store->load_memory(device); };
        production_topics::broker from{publish::mqtt_transports(context.get_executor(), o.session, o.fallback),
                                       o.fallback.size() + 1, o.session.version};
        productions.push_back(std::make_unique<production_topics>(context.get_executor(), std::move(from),
                                                                  std::move(topics), clock, std::move(h)));
    }
}

void supervisor::parts::make_pollers()
{
    std::size_t phase = 0;
    for (auto& link : plan.links) {
        if (link.devices.empty())
            continue;
        poll::poll_listener listener{
            [this](row r) { read(std::move(r)); },
            [this](std::string const& d, poll::health h, std::string const& why) { device_changed(d, h, why); },
            [this](std::string const& d, std::string memory) { store->save_memory(d, std::move(memory)); },
            [this](std::string const& d, drivers::stuck_change const& c) { events.value_stuck(d, c); },
            [this](link_address const& l, std::optional<milliseconds> t) { events.polling_paused(l, t); },
        };
        auto const devices = link.devices.size();
        auto channel = modbus::make_link(context.get_executor(), deadlines, link.address, link.timing, link.fallback);
        pollers.push_back(std::make_unique<poll::link_poller>(context.get_executor(), std::move(channel),
                                                              std::move(link.devices), clock, std::move(listener),
                                                              phase, link.policy));
        phase += devices * drivers::poll_class_names.size();
    }
}

void supervisor::parts::read(row r)
{
    if (!store->append(std::move(r)))
        tell_unstored(r); // a refused row is left as it was
}

/// Sinks show the value in the device's state, with "stored":false: it is in no journal and no backlog.
void supervisor::parts::tell_unstored(row const& r)
{
    for (auto& s : sinks)
        s->on_unstored(r);
}

void supervisor::parts::device_changed(std::string const& device, poll::health now, std::string const& why)
{
    for (auto& s : sinks)
        s->set_availability(device, availability_of(now));
    events.device_changed(device, now, why);
}

/// An agent without its socket polls all the same.
void supervisor::parts::listen()
{
    if (plan.site.control_socket.empty())
        return;
    control_server::options o;
    o.path = plan.site.control_socket;
    o.site_file = plan.file;
    o.wrote = [this](point_written const& w) { events.point_was_written(w); };
    control = std::make_unique<control_server>(context.get_executor(), std::move(o), pollers);
    if (std::string why; !control->start(why)) {
        out.info("no control socket: " + why);
        control.reset();
    }
}

bool supervisor::start(std::string& why)
{
    auto& p = *parts_;
    p.started = p.clock.now();
    if (!p.open_journal(why))
        return false;
    p.make_sinks();
    p.make_productions();
    p.make_pollers();
    p.store->start();
    for (auto& s : p.sinks)
        s->start();
    for (auto& l : p.pollers)
        l->start();
    for (auto& t : p.productions)
        t->start();
    p.listen();
    asio::co_spawn(p.context, p.run_ticks(), asio::detached);
    auto const status = fmt::format("{} devices on {} links", p.plan.site.devices.size(), p.pollers.size());
    p.out.info(fmt::format("kilnwatt {} runs for {}: {}, journal {}", KILNWATT_VERSION, p.plan.site.name, status,
                           p.plan.site.journal.path));
    service_notify::ready(status);
    return true;
}

asio::awaitable<void> supervisor::stop()
{
    auto& p = *parts_;
    if (p.stopping || !p.store)
        co_return;
    p.stopping = true;
    p.tick.cancel();
    service_notify::stopping();
    if (p.control)
        co_await p.control->stop();
    for (auto& l : p.pollers)
        co_await l->stop();
    for (auto& t : p.productions)
        co_await t->stop();
    for (auto& s : p.sinks)
        co_await s->stop();
    p.store->stop();
    if (p.store->writes())
        p.out.info("stopped; what was read is stored");
    else
        p.out.error(fmt::format("stopped; the last readings are not stored: the journal {} cannot be written",
                                p.plan.site.journal.path));
}

asio::awaitable<void> supervisor::parts::run_ticks()
{
    while (!stopping) {
        feed_watchdog();
        tell_health();
        events.tell_due();
        tick.expires_after(health_period);
        co_await tick.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

void supervisor::parts::feed_watchdog()
{
    std::uint64_t polls = 0;
    bool idle = true;
    for (auto const& l : pollers)
        for (std::size_t d = 0; d < l->devices().size(); ++d) {
            polls += l->counts(d).polls;
            idle = idle && l->paused_for().has_value();
        }
    if (dog.alive(clock.now().mono, polls, store->turns(), idle))
        service_notify::alive();
    else
        out.error("no progress: polls or the journal stand still; the watchdog is not fed");
}

void supervisor::parts::tell_health()
{
    for (std::size_t i = 0; i < sinks.size(); ++i)
        sinks[i]->set_health(health_of(i));
}

publish::agent_health supervisor::parts::health_of(std::size_t sink) const
{
    auto const now = clock.now();
    publish::agent_health h;
    h.time = now.utc;
    h.uptime_s = static_cast<std::uint64_t>((now.mono - started.mono) / 1s);
    auto const ledger = store->ledger();
    auto const counts = sinks[sink]->statistics();
    for (auto const& d : plan.site.devices) {
        publish::device_ledger entry;
        entry.device = d.name;
        if (auto const l = ledger.find(d.name); l != ledger.end()) {
            entry.read = l->second.read;
            entry.stored = l->second.stored;
            entry.unstored = l->second.unstored;
            entry.dropped = l->second.dropped;
        }
        if (auto const c = counts.devices.find(d.name); c != counts.devices.end()) {
            entry.published = c->second.published;
            entry.acknowledged = c->second.acknowledged;
        }
        h.devices.push_back(std::move(entry));
    }
    for (auto const& l : pollers) {
        auto const s = l->statistics();
        h.links.push_back({l->link().address().url(), l->link().is_open(), s.requests, s.timeouts + s.malformed,
                           l->paused_for() ? "polling is paused: the link is on lease" : ""});
    }
    for (std::size_t i = 0; i < sinks.size(); ++i) {
        auto const s = sinks[i]->statistics();
        h.sinks.push_back({plan.site.mqtt[i].name, s.connected, s.backlog, s.totals.published, s.totals.acknowledged,
                           s.totals.resent, s.refused, s.dropped});
    }
    std::error_code ignored;
    h.journal = {store->writes(), std::filesystem::file_size(plan.site.journal.path, ignored), store->oldest(),
                 store->head()};
    h.clock.trusted = store->trusts_clock();
    return h;
}

} // namespace kilnwatt::control
