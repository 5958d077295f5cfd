#include "agent/publish/sink.hpp"

#include "agent/publish/json_outbox.hpp"
#include "agent/publish/mqtt_transport.hpp"
#include "agent/publish/sink_state.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace kilnwatt::publish {

namespace asio = boost::asio;

namespace {

std::unique_ptr<outbox> make_outbox(sink_options const& o, records const& source, device_catalogue devices,
                                    saved_cursor const& from)
{
    lanes::options const lane_options{o.streams, o.live_max, o.backlog_chunk, o.backlog_rate};
    lanes waiting{lane_options, from.where};
    if (o.sparkplug)
        return std::make_unique<sparkplug_outbox>(std::move(waiting), *o.sparkplug, o.agent_version, from.memory);
    agent_identity const agent{o.agent_version, o.agent_started, source.epoch()};
    snapshots::options what{o.root, agent, std::nullopt};
    if (!o.home_assistant.empty())
        what.discovery.emplace(o.home_assistant, o.root, o.agent_version);
    snapshots retained{std::move(what), std::move(devices), retained_book{source.load_keepsake(o.name)}};
    return std::make_unique<json_outbox>(std::move(waiting), o.root, std::move(retained),
                                         record_messages{o.root, source.epoch()});
}

} // namespace

restored_cursor restore_cursor(records const& source, std::string const& sink, stream_set published)
{
    auto const text = source.load_cursor(sink);
    auto saved = saved_cursor::parse(text);
    bool const usable = saved && saved->where.head() <= source.head();
    sink_ledger const fresh{text.empty() && source.oldest() <= 1, ledger_streams(published), {}};
    restored_cursor r{usable ? *std::move(saved) : saved_cursor{cursor{source.oldest()}, {}, fresh},
                      !usable && !text.empty()};
    r.saved.where.extend(source.head());
    auto& ledger = r.saved.ledger ? *r.saved.ledger : r.saved.ledger.emplace(fresh);
    ledger.whole = ledger.whole && ledger.streams == fresh.streams;
    ledger.streams = fresh.streams;
    return r;
}

sink::state::state(asio::any_io_executor ex, sink_options o, records& source, plant_clock clock,
                   transport_factory connections, std::unique_ptr<outbox> messages)
    : executor_{ex}, options_{std::move(o)}, source_{&source}, clock_{clock}, connections_{std::move(connections)},
      outbox_{std::move(messages)}, backoff_{options_.reconnect}, wake_{ex}, finished_{ex}, save_timer_{ex},
      pump_timer_{ex}, echo_timer_{ex}
{
    counts_.version = options_.session.version;
}

sink::sink(asio::any_io_executor executor, sink_options options, records& source, device_catalogue devices,
           plant_clock clock)
    : sink{executor,           options, source,
           std::move(devices), clock,   mqtt_transports(executor, options.session, options.fallback)}
{}

sink::sink(asio::any_io_executor executor, sink_options options, records& source, device_catalogue devices,
           plant_clock clock, transport_factory connections)
{
    auto from = restore_cursor(source, options.name, options.streams);
    auto messages = make_outbox(options, source, std::move(devices), from.saved);
    messages->resume(*from.saved.ledger);
    state_ = std::make_shared<state>(std::move(executor), std::move(options), source, clock, std::move(connections),
                                     std::move(messages));
    if (from.damaged)
        state_->report(report_level::warning,
                       "the saved cursor cannot be used: all that the journal holds is sent again");
}

sink::~sink() = default;

void sink::start()
{
    if (state_->running_ || state_->stopping_)
        return;
    state_->running_ = true;
    auto life = [](std::shared_ptr<state> s) -> asio::awaitable<void> { co_await s->run(); };
    asio::co_spawn(state_->executor_, life(state_), asio::detached);
}

asio::awaitable<void> sink::stop()
{
    auto const s = state_;
    co_await s->stop();
}

void sink::retry_now()
{
    state_->backoff_.reset();
    if (state_->serving_ && !state_->ended_)
        return;
    state_->hurried_ = true;
    state_->wake_.set();
}

void sink::on_committed(batch_ptr b)
{
    state_->outbox_->committed(b, state_->serving_);
    state_->cursor_changed();
    state_->schedule_pump();
}

void sink::on_unstored(row const& reading)
{
    state_->outbox_->unstored(reading);
    state_->schedule_pump();
}

void sink::set_availability(std::string const& device, availability a)
{
    state_->outbox_->set_availability(device, a);
    state_->schedule_pump();
}

void sink::set_health(agent_health h)
{
    state_->outbox_->set_health(std::move(h));
    state_->schedule_pump();
}

sink_statistics sink::statistics() const
{
    auto s = state_->counts_;
    auto const& lanes = state_->outbox_->records();
    s.connected = state_->serving_;
    s.backlog = lanes.progress().unconfirmed().size();
    s.live_waiting = lanes.live_waiting();
    s.dropped = lanes.dropped();
    s.totals = state_->outbox_->totals();
    s.devices = state_->outbox_->devices();
    return s;
}

} // namespace kilnwatt::publish
