#include "protocols/mqtt/paho_client.hpp"

#include "protocols/mqtt/paho_options.hpp"
#include "protocols/mqtt/refusal.hpp"
#include "protocols/mqtt/tls_files.hpp"
#include "protocols/mqtt/worker.hpp"

#include <mqtt/async_client.h>

#include <chrono>
#include <utility>

namespace kilnwatt::mqtt {

namespace {

/// How long drop() waits for its last packet to leave.
constexpr std::chrono::milliseconds drop_patience{300};

/// No client may publish to it, so a broker must end the connection as broken, and then it sends the will.
constexpr char const* forbidden_topic = "#";

/// What a failed token means: on MQTT 5 a refusal has return code 0 and a reason code from 0x80; below 0 are Paho's own
/// codes; a CONNACK's or a 3.1.1 SUBACK's code is the return code.
int refusal_code(::mqtt::token const& token)
{
    auto const code = token.get_return_code();
    return code != 0 ? code : static_cast<int>(token.get_reason_code());
}

int receive_maximum_of(::mqtt::token const& token)
{
    auto const response = token.get_connect_response();
    auto properties = response.get_properties(); // a const one cannot be asked in 1.2
    if (!properties.contains(::mqtt::property::RECEIVE_MAXIMUM))
        return connect_event{}.receive_maximum;
    return ::mqtt::get<uint16_t>(properties, ::mqtt::property::RECEIVE_MAXIMUM);
}

} // namespace

/// Owned by the jobs on the worker and by the session. client_ is touched on the worker only, and gone before this is.
class paho_client::connection final : public std::enable_shared_from_this<connection>,
                                      private ::mqtt::iaction_listener {
public:
    connection(session_options options, reporter report) : options_{std::move(options)}, report_{std::move(report)} {}

    void start(std::string const& address);
    void publish(std::uint64_t number, message const& m);
    void subscribe(std::uint64_t number, std::string const& filter, int qos);
    void close();
    void drop();

private:
    void on_success(::mqtt::token const& token) override;
    void on_failure(::mqtt::token const& token) override;
    void connect_failed(int code);
    void not_sent(std::uint64_t number);

    /// The number of a request travels as Paho's user context; Paho never looks at it.
    static void* context_of(std::uint64_t number)
    {
        return reinterpret_cast<void*>(static_cast<std::uintptr_t>(number));
    }
    static std::uint64_t number_of(::mqtt::token const& token)
    {
        return reinterpret_cast<std::uintptr_t>(token.get_user_context());
    }

    session_options const options_;
    reporter const report_;
    std::unique_ptr<::mqtt::async_client> client_;
};

void paho_client::connection::start(std::string const& address)
{
    if (options_.tls && !tls_files_usable(*options_.tls))
        return report_(connect_event{errc::bad_options});
    try {
        auto const uri = paho_uri(options_.tls.has_value(), address, options_.port);
        client_ = std::make_unique<::mqtt::async_client>(uri, options_.client_id, paho_create_options(options_));
        // Handlers before connect(): setting them later can deadlock with Paho's threads.
        client_->set_connection_lost_handler([this](std::string const&) { report_(loss_event{}); });
        client_->set_disconnected_handler([this](::mqtt::properties const&, ::mqtt::ReasonCode reason) {
            report_(loss_event{static_cast<int>(reason)}); // Paho does not call the handler above in this case
        });
        client_->set_message_callback([this](::mqtt::const_message_ptr const& m) {
            report_(message{m->get_topic(), m->get_payload_str(), m->get_qos(), m->is_retained(), std::nullopt});
        });
        ::mqtt::connect_options connect;
        set_paho_connect_options(options_, connect);
        client_->connect(connect, nullptr, *this);
    } catch (std::exception const&) {
        client_.reset();
        report_(connect_event{errc::bad_options});
    }
}

void paho_client::connection::publish(std::uint64_t number, message const& m)
{
    if (!client_)
        return not_sent(number);
    try {
        ::mqtt::properties properties;
        if (options_.version == MQTTVERSION_5 && m.expiry)
            properties.add({::mqtt::property::MESSAGE_EXPIRY_INTERVAL, static_cast<int32_t>(m.expiry->count())});
        client_->publish(::mqtt::message::create(m.topic, m.payload, m.qos, m.retain, properties), context_of(number),
                         *this);
    } catch (std::exception const&) {
        not_sent(number);
    }
}

void paho_client::connection::subscribe(std::uint64_t number, std::string const& filter, int qos)
{
    if (!client_)
        return not_sent(number);
    try {
        client_->subscribe(filter, qos, context_of(number), *this);
    } catch (std::exception const&) {
        not_sent(number);
    }
}

void paho_client::connection::close()
{
    client_.reset(); // Paho sends DISCONNECT
    report_(closed_event{});
}

void paho_client::connection::drop()
{
    if (!client_)
        return;
    try {
        if (client_->is_connected())
            client_->publish(forbidden_topic, "", 0, 0, false)->wait_for(drop_patience);
    } catch (std::exception const&) {
        // The connection is gone already, which is as good.
    }
    client_.reset();
}

void paho_client::connection::on_success(::mqtt::token const& token)
{
    if (token.get_type() != ::mqtt::token::CONNECT) {
        report_(answer_event{number_of(token)});
        return;
    }
    connect_event accepted;
    if (options_.version == MQTTVERSION_5)
        accepted.receive_maximum = receive_maximum_of(token);
    report_(accepted);
}

void paho_client::connection::on_failure(::mqtt::token const& token)
{
    auto const code = refusal_code(token);
    if (token.get_type() == ::mqtt::token::CONNECT)
        connect_failed(code);
    else if (code >= 0x80)
        report_(answer_event{number_of(token), request_refusal(code), code});
    else
        report_(answer_event{number_of(token), errc::lost});
}

void paho_client::connection::connect_failed(int code)
{
    if (code > 0)
        report_(connect_event{connect_refusal(code), code});
    else
        report_(connect_event{errc::connect_failed});
}

void paho_client::connection::not_sent(std::uint64_t number)
{
    report_(answer_event{number, errc::not_connected});
}

paho_client::paho_client(session_options const& options, std::string const& address, reporter report)
    : connection_{std::make_shared<connection>(options, std::move(report))}
{
    run_on_paho_worker([c = connection_, address] { c->start(address); });
}

paho_client::~paho_client()
{
    drop();
}

void paho_client::publish(std::uint64_t number, message m)
{
    run_on_paho_worker([c = connection_, number, m = std::move(m)] { c->publish(number, m); });
}

void paho_client::subscribe(std::uint64_t number, std::string filter, int qos)
{
    auto job = [c = connection_, number, filter = std::move(filter), qos] { c->subscribe(number, filter, qos); };
    run_on_paho_worker(std::move(job));
}

void paho_client::close()
{
    run_on_paho_worker([c = connection_] { c->close(); });
}

void paho_client::drop()
{
    run_on_paho_worker([c = connection_] { c->drop(); });
}

} // namespace kilnwatt::mqtt
