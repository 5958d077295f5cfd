#include "simulator/plant_server.hpp"

#include "simulator/hand_images.hpp"
#include "simulator/libmodbus_server.hpp"
#include "simulator/live_plant.hpp"
#include "simulator/point_source.hpp"
#include "simulator/rtu_bus.hpp"
#include "simulator/served_unit.hpp"
#include "simulator/tcp_server.hpp"

#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace kilnwatt::simulator {
namespace {

/// The plant goes on at least so often, in machine time, when nobody asks.
constexpr std::chrono::milliseconds tick{100};

boost::system::error_code refused()
{
    return boost::system::errc::make_error_code(boost::system::errc::invalid_argument);
}

/// One link with its units; exactly one of the servers is there.
struct served_link {
    link_address address;
    std::vector<std::shared_ptr<served_unit>> units;
    std::unique_ptr<tcp_server> tcp;
    std::unique_ptr<libmodbus_tcp_server> foreign_tcp;
    std::unique_ptr<rtu_bus> bus;

    void set_down(bool down)
    {
        if (tcp)
            tcp->set_down(down);
        if (foreign_tcp)
            foreign_tcp->set_down(down);
        if (bus)
            bus->set_down(down);
    }
};

} // namespace

struct plant_server::state {
    state(asio::any_io_executor e, plant_options o)
        : executor{std::move(e)}, options{std::move(o)}, timer{std::make_shared<asio::steady_timer>(executor)}
    {}

    result<void> gather(std::string& why);
    result<void> open(served_link& link);
    static void go_on(std::shared_ptr<asio::steady_timer> timer, std::weak_ptr<live_plant> plant);

    asio::any_io_executor executor;
    plant_options options;
    std::shared_ptr<live_plant> plant;
    std::shared_ptr<asio::steady_timer> timer;
    std::vector<served_link> links;
    bool foreign_tcp_of(served_link const& link) const;
};

/// Devices become units, and units of one address share a link.
result<void> plant_server::state::gather(std::string& why)
{
    for (auto const& d : options.devices) {
        if (!is_plant_device(d.name)) {
            why = fmt::format("device '{}': the simulated plant has no such device", d.name);
            return refused();
        }
        auto hand_made = hand_image(d.name, d.profile.id);
        auto image = hand_made ? std::move(*hand_made) : profile_image(d.name, d.profile);
        auto unit = std::make_shared<served_unit>(d.name, d.unit, std::move(image), plant);
        if (options.inverters_sleep)
            unit->sleep_at_night();
        auto link = std::find_if(links.begin(), links.end(), [&](auto const& l) { return l.address == d.address; });
        if (link == links.end())
            link = links.insert(links.end(), served_link{.address = d.address});
        for (auto const& other : link->units)
            if (other->unit() == d.unit) {
                why = fmt::format("device '{}' has the unit {} of '{}' on {}", d.name, d.unit, other->name(),
                                  d.address.url());
                return refused();
            }
        link->units.push_back(std::move(unit));
    }
    return {};
}

bool plant_server::state::foreign_tcp_of(served_link const& link) const
{
    if (link.units.size() != 1)
        return false;
    auto const device = std::find_if(options.devices.begin(), options.devices.end(),
                                     [&](auto const& d) { return d.name == link.units.front()->name(); });
    return hand_image(device->name, device->profile.id).has_value();
}

result<void> plant_server::state::open(served_link& link)
{
    auto const& at = link.address;
    if (at.kind == link_kind::tcp && foreign_tcp_of(link)) {
        auto started = libmodbus_tcp_server::start(link.units.front(), at.host, at.port);
        if (started.has_error())
            return started.error();
        link.foreign_tcp = std::move(*started);
        return {};
    }
    if (at.kind == link_kind::tcp) {
        std::vector<std::shared_ptr<modbus_unit>> const units{link.units.begin(), link.units.end()};
        link.tcp = std::make_unique<tcp_server>(executor, units);
        return link.tcp->listen(at.host, at.port);
    }
    link.bus = std::make_unique<rtu_bus>(executor, link.units);
    return at.kind == link_kind::serial ? link.bus->open_line(at.path) : link.bus->listen(at.host, at.port);
}

void plant_server::state::go_on(std::shared_ptr<asio::steady_timer> timer, std::weak_ptr<live_plant> plant)
{
    timer->expires_after(tick);
    timer->async_wait([timer, plant](boost::system::error_code const& ec) {
        auto const running = plant.lock();
        if (ec || !running)
            return;
        running->look([](simulator::plant const&) {});
        go_on(timer, plant);
    });
}

plant_server::plant_server(asio::any_io_executor executor, plant_options options)
    : state_{std::make_unique<state>(std::move(executor), std::move(options))}
{}

plant_server::~plant_server()
{
    stop();
}

result<void> plant_server::start(std::string& why)
{
    auto& s = *state_;
    s.plant = std::make_shared<live_plant>(s.options.clock, s.options.seed);
    auto const fail = [&](boost::system::error_code ec) -> result<void> {
        s.links.clear();
        s.plant.reset();
        return ec;
    };
    if (auto const gathered = s.gather(why); gathered.has_error())
        return fail(gathered.error());
    for (auto& link : s.links)
        if (auto const opened = s.open(link); opened.has_error()) {
            why = fmt::format("{}: {}", link.address.url(), opened.error().message());
            return fail(opened.error());
        }
    if (!s.options.truth_series_path.empty())
        if (auto const made = s.plant->record_series(s.options.truth_series_path); made.has_error()) {
            why = fmt::format("{}: {}", s.options.truth_series_path, made.error().message());
            return fail(made.error());
        }
    s.go_on(s.timer, s.plant);
    return {};
}

result<void> plant_server::stop(std::string& why)
{
    auto& s = *state_;
    s.timer->cancel();
    s.links.clear();
    auto const plant = std::move(s.plant);
    s.plant.reset();
    if (!plant || s.options.truth_path.empty())
        return {};
    auto const written = plant->write_truth(s.options.truth_path);
    if (written.has_error())
        why = fmt::format("{}: {}", s.options.truth_path, written.error().message());
    return written;
}

void plant_server::stop()
{
    std::string why;
    static_cast<void>(stop(why));
}

bool plant_server::set_silent(std::string_view device, bool silent)
{
    for (auto const& link : state_->links)
        for (auto const& u : link.units)
            if (u->name() == device) {
                u->set_silent(silent);
                return true;
            }
    return false;
}

bool plant_server::set_link_down(std::string_view device, bool down)
{
    for (auto& link : state_->links)
        for (auto const& u : link.units)
            if (u->name() == device) {
                link.set_down(down);
                return true;
            }
    return false;
}

} // namespace kilnwatt::simulator
