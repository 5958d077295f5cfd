#include "agent/cli/meter_session.hpp"

#include "agent/cli/commands.hpp"
#include "agent/control/site_plan.hpp"
#include "agent/meter/advice.hpp"
#include "protocols/modbus/error.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ostream>

namespace kilnwatt::cli {
namespace {

using asio::ip::tcp;
using boost::system::error_code;
constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds look_max{2};

bool looks_like_url(std::string const& text)
{
    return text.find("://") != std::string::npos;
}

/// Why a serial port cannot be opened, in the system's words.
error_code serial_reason(std::string const& path)
{
    return ::access(path.c_str(), R_OK | W_OK) == 0 ? error_code{}
                                                    : error_code{errno, boost::system::system_category()};
}

struct found_reason {
    error_code system;
    meter::speaker who = meter::speaker::unknown;
};

/// What a look at a port needs; in a coroutine's frame it would trip g++ 12's check of new and delete.
struct look {
    explicit look(asio::any_io_executor const& executor) : resolver{executor}, socket{executor}, patience{executor} {}

    tcp::resolver resolver;
    tcp::socket socket;
    asio::steady_timer patience;
    std::string request = "GET / HTTP/1.0\r\n\r\n";
    std::array<char, 5> answer{};
    bool expired = false;

    meter::speaker who(std::size_t n) const
    {
        if (n >= 3 && answer[0] == 0x15 && answer[1] == 0x03) // a TLS alert
            return meter::speaker::tls;
        return n >= 4 && std::equal(answer.begin(), answer.begin() + 4, "HTTP") ? meter::speaker::web
                                                                                : meter::speaker::unknown;
    }
};

/// Connects once more, to keep what the link does not: the system's reason, or who speaks there. Asking for a web page
/// is harmless to a Modbus TCP server: a frame whose protocol number is not 0 is dropped.
asio::awaitable<found_reason> look_at(link_address const& at, bool ask)
{
    auto const executor = co_await asio::this_coro::executor;
    auto const l = std::make_shared<look>(executor); // shared with the timer's handler, which may run after the look
    found_reason found;
    auto const port = std::to_string(at.port);
    auto const [no_host, places] = co_await l->resolver.async_resolve(at.host, port, quietly);
    if (no_host) {
        found.system = no_host;
        co_return found;
    }
    l->patience.expires_after(look_max);
    l->patience.async_wait([l](error_code ec) {
        if (ec)
            return;
        l->expired = true;
        error_code ignored;
        l->socket.close(ignored);
    });
    auto const [failed] = co_await l->socket.async_connect(places.begin()->endpoint(), quietly);
    found.system = l->expired ? error_code{asio::error::timed_out} : failed;
    if (!found.system && ask) {
        auto const out = asio::buffer(l->request);
        co_await asio::async_write(l->socket, out, quietly);
        auto const in = asio::buffer(l->answer);
        auto const [ended, n] = co_await l->socket.async_read_some(in, quietly);
        found.who = l->who(n);
    }
    l->patience.cancel();
    co_return found;
}

/// After Ctrl-C every request ends with errc::cancelled instead of an exception, so that a command can print what it
/// has.
asio::awaitable<exit_code> without_throwing(meter_session::work const& w)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    co_return co_await w();
}

exit_code code_of(error_code const& error)
{
    using modbus::errc;
    if (modbus::is_refused_address(error))
        return exit_code::refused;
    if (error == errc::timeout || error == errc::gateway_path_unavailable || error == errc::gateway_target_failed)
        return exit_code::device_silent;
    if (error == errc::connect_failed || error == errc::connection_lost || error == errc::not_modbus ||
        error == errc::port_missing || error == errc::port_denied ||
        error == errc::port_unswitched)
        return exit_code::unreachable;
    if (error == errc::cancelled)
        return exit_code::interrupted;
    return modbus::is_exception(error) ? exit_code::refused : exit_code::failure;
}

std::optional<meter_target> configured_device(meter_options const& o, std::string const& file, streams io,
                                              exit_code& code)
{
    auto plan = control::plan_site(file);
    for (auto& link : plan.links)
        for (auto& d : link.devices)
            if (d.device.name() == o.target)
                return meter_target{link.address, link.timing, d.device.unit(), o.target, d.device.what(),
                                    plan.site.control_socket};
    code = plan.found->empty() ? exit_code::usage : exit_code::bad_config;
    if (plan.found->empty())
        io.err << "meter: " << file << " has no device '" << o.target << "'\n";
    for (auto const& d : *plan.found)
        io.err << config::to_string(d) << '\n';
    return std::nullopt;
}

} // namespace

void add_meter_options(CLI::App& command, meter_options& o)
{
    command
        .add_option("TARGET", o.target,
                    "tcp://host[:502], rtu+tcp://host:4001, serial:///dev/ttyUSB0?baud=9600&parity=even, or the "
                    "name of a device that the running agent polls or that -c FILE configures")
        ->required();
    command.add_option("-c,--config", o.config, "Site file that knows the device");
    command.add_option("-u,--unit", o.unit, "Unit number; default 1, or the configured device's")
        ->check(CLI::Range(0, 255));
    command.add_option("-p,--profile", o.profile, "Profile that says what the registers mean");
    command.add_option("--timeout", o.timeout_ms, "Response timeout in ms")->check(CLI::Range(10, 60'000));
    command.add_option("--socket", o.socket, "Socket of the running agent");
    command.add_flag("--direct", o.direct, "Open the link without asking the agent");
    command.add_flag("--json", o.json, "One JSON object a line");
}

void add_lease_option(CLI::App& command, meter_options& o)
{
    command.add_option_function<std::string>(
        "--lease", [&o](std::string const& text) { o.lease = parse_span(text); },
        "Pause the agent's polling of the link for so long at most, for example 60s");
}

std::optional<drivers::profile> find_profile(std::string const& id, drivers::profile_library const& where, streams io)
{
    auto const path = where.path_of(id);
    if (path.empty()) {
        io.err << "meter: there is no profile '" << id << "'\n";
        return std::nullopt;
    }
    auto document = config::read_files(path);
    auto p = drivers::read_profile(document);
    for (auto const& d : *document.found)
        io.err << config::to_string(d) << '\n';
    return document.found->empty() ? std::optional{std::move(p)} : std::nullopt;
}

std::vector<drivers::profile> known_profiles()
{
    auto const library = control::profile_folders({});
    std::vector<drivers::profile> all;
    for (auto const& id : library.ids()) {
        auto document = config::read_files(library.path_of(id));
        auto p = drivers::read_profile(document);
        if (document.found->empty())
            all.push_back(std::move(p));
    }
    return all;
}

std::optional<meter_target> find_target(meter_options const& o, streams io, exit_code& code)
{
    std::optional<meter_target> t;
    std::string const usual = o.socket.empty() ? settings::site{}.control_socket : o.socket;
    auto site = o.config;
    if (site.empty() && !o.direct && !looks_like_url(o.target)) {
        auto const agents = site_of_agent(usual, io);
        code = exit_code::failure;
        if (!agents)
            return std::nullopt;
        code = exit_code::ok;
        site = *agents;
    }
    if (looks_like_url(o.target)) {
        std::string why;
        auto const address = link_address::parse(o.target, why);
        if (address.has_error()) {
            io.err << "meter: " << o.target << ": " << why << '\n';
            code = exit_code::usage;
            return std::nullopt;
        }
        t = meter_target{*address, {}, 1, o.target, {}, usual};
    } else if (site.empty()) {
        io.err << "meter: '" << o.target << "' is no address; write tcp://" << o.target
               << ", or the name of a device that the running agent polls or that -c FILE configures\n";
        code = exit_code::usage;
    } else {
        t = configured_device(o, site, io, code);
        if (t && (o.config.empty() || !o.socket.empty()))
            t->socket = usual;
    }
    if (t && !o.profile.empty()) {
        t->profile = find_profile(o.profile, control::profile_folders({}), io);
        code = exit_code::bad_config;
        if (!t->profile)
            return std::nullopt;
        t->timing = t->profile->timing;
    }
    if (t && o.unit)
        t->unit = static_cast<std::uint8_t>(*o.unit);
    if (t && o.timeout_ms)
        t->timing.response_timeout = std::chrono::milliseconds{*o.timeout_ms};
    return t;
}

std::unique_ptr<modbus::link> meter_session::open(link_address const& at, modbus::link_timing const& timing)
{
    if (!owned_.empty())
        return make_agent_link(*agent_, owned_, at);
    return modbus::make_link(context_.get_executor(), deadlines_, at, timing);
}

exit_code meter_session::run(work w)
{
    asio::cancellation_signal cancel;
    asio::signal_set signals{context_, SIGINT, SIGTERM};
    signals.async_wait([&](error_code ec, int) {
        if (ec)
            return;
        interrupted_ = true;
        cancel.emit(asio::cancellation_type::terminal);
    });
    asio::steady_timer lease{context_, lease_end_.value_or(asio::steady_timer::time_point::max())};
    if (lease_end_)
        lease.async_wait([&](error_code ec) {
            if (ec)
                return;
            io_.err << "meter: the lease is over; --lease up to " << control::lease_max.count() << "s\n";
            interrupted_ = true;
            cancel.emit(asio::cancellation_type::terminal);
        });
    auto code = exit_code::failure;
    auto const done = [&](std::exception_ptr error, exit_code returned) {
        signals.cancel();
        lease.cancel();
        if (error)
            std::rethrow_exception(error);
        code = returned;
    };
    asio::co_spawn(context_, without_throwing(w), asio::bind_cancellation_slot(cancel.slot(), done));
    context_.restart();
    context_.run();
    return interrupted_ ? exit_code::interrupted : code;
}

asio::awaitable<exit_code> meter_session::explain(error_code error, link_address at, modbus::link_timing timing,
                                                  modbus::read_request request)
{
    using modbus::errc;
    auto const code = code_of(error);
    if (code == exit_code::interrupted)
        co_return code;
    meter::failure f{error, {}, at, request, timing.response_timeout};
    if (at.kind == link_kind::serial) {
        f.system = serial_reason(at.path);
    } else if (code == exit_code::unreachable) {
        auto const found = co_await look_at(at, error != errc::connect_failed && at.kind == link_kind::tcp);
        f.system = found.system;
        f.who = found.who;
    }
    io_.err << "meter: " << meter::advice(f) << '\n';
    co_return code;
}

} // namespace kilnwatt::cli
