#include "agent/publish/json_sink.hpp"

#include "agent/publish/json_sink_state.hpp"
#include "agent/publish/mqtt_transport.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace kilnwatt::publish {

namespace asio = boost::asio;

namespace {

outbox make_outbox(sink_options const& o, records const& source, device_catalogue devices, cursor from)
{
    lanes::options const lane_options{o.streams, o.live_max, o.backlog_chunk, o.backlog_rate};
    agent_identity const agent{o.agent_version, o.agent_started, source.epoch()};
    return {lanes{lane_options, std::move(from)}, snapshots{{o.root, agent, o.removed_devices}, std::move(devices)},
            record_messages{o.root, source.epoch()}};
}

} // namespace

restored_cursor restore_cursor(records const& source, std::string const& sink)
{
    auto const text = source.load_cursor(sink);
    auto saved = cursor::parse(text);
    bool const usable = saved && saved->head() <= source.head();
    restored_cursor r{usable ? *std::move(saved) : cursor{source.oldest()}, !usable && !text.empty()};
    r.value.extend(source.head());
    return r;
}

json_sink::state::state(asio::any_io_executor ex, sink_options o, records& source, device_catalogue devices,
                        plant_clock clock, transport_factory connections, cursor from)
    : executor_{ex}, options_{std::move(o)}, source_{&source}, clock_{clock},
      connections_{std::move(connections)}, outbox_{make_outbox(options_, source, std::move(devices), std::move(from))},
      backoff_{options_.reconnect}, wake_{ex}, finished_{ex}, save_timer_{ex}, pump_timer_{ex}
{
    counts_.version = options_.session.version;
}

json_sink::json_sink(asio::any_io_executor executor, sink_options options, records& source, device_catalogue devices,
                     plant_clock clock)
    : json_sink{executor, options,
                source,   std::move(devices),
                clock,    mqtt_transports(executor, options.session, snapshots::status(options.root, "offline"))}
{}

json_sink::json_sink(asio::any_io_executor executor, sink_options options, records& source, device_catalogue devices,
                     plant_clock clock, transport_factory connections)
{
    auto from = restore_cursor(source, options.name);
    state_ = std::make_shared<state>(std::move(executor), std::move(options), source, std::move(devices), clock,
                                     std::move(connections), std::move(from.value));
    if (from.damaged)
        state_->report(report_level::warning,
                       "the saved cursor cannot be used: all that the journal holds is sent again");
}

json_sink::~json_sink() = default;

void json_sink::start()
{
    if (state_->running_ || state_->stopping_)
        return;
    state_->running_ = true;
    auto life = [](std::shared_ptr<state> s) -> asio::awaitable<void> { co_await s->run(); };
    asio::co_spawn(state_->executor_, life(state_), asio::detached);
}

asio::awaitable<void> json_sink::stop()
{
    auto const s = state_;
    co_await s->stop();
}

void json_sink::retry_now()
{
    state_->backoff_.reset();
    if (state_->serving_ && !state_->ended_)
        return;
    state_->hurried_ = true;
    state_->wake_.set();
}

void json_sink::on_committed(batch_ptr b)
{
    state_->outbox_.committed(b, state_->serving_);
    state_->cursor_changed();
    state_->schedule_pump();
}

void json_sink::on_unstored(row const& reading)
{
    state_->outbox_.retained().fold(reading, false);
    state_->schedule_pump();
}

void json_sink::set_availability(std::string const& device, availability a)
{
    state_->outbox_.retained().set_availability(device, a);
    state_->schedule_pump();
}

void json_sink::set_health(agent_health h)
{
    state_->outbox_.retained().set_health(std::move(h));
    state_->schedule_pump();
}

sink_statistics json_sink::statistics() const
{
    auto s = state_->counts_;
    auto const& lanes = state_->outbox_.records();
    s.connected = state_->serving_;
    s.backlog = lanes.progress().unconfirmed().size();
    s.live_waiting = lanes.live_waiting();
    s.dropped = lanes.dropped();
    s.totals = state_->outbox_.totals();
    s.devices = state_->outbox_.devices();
    return s;
}

} // namespace kilnwatt::publish
