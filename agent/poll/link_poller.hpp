#pragma once

#include "agent/poll/guest_desk.hpp"
#include "agent/poll/link_agenda.hpp"
#include "core/plant_clock.hpp"
#include "drivers/device.hpp"
#include "protocols/modbus/link.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace kilnwatt::poll {

namespace asio = boost::asio;

/// Periods of the poll classes when neither profile nor site says otherwise.
inline constexpr std::array<milliseconds, 4> default_periods{milliseconds{1'000}, milliseconds{10'000},
                                                             milliseconds{60'000}, milliseconds{900'000}};

/// What a poller tells; called on its executor.
struct poll_listener {
    std::function<void(row)> reading;
    /// A device changed its state; `why` is a sentence for the log, "" when it came back.
    std::function<void(std::string const& device, health state, std::string const& why)> state;
    /// A device taught us something that should outlive a restart: drivers::device::memory(). May be empty.
    std::function<void(std::string const& device, std::string memory)> learned{};
    /// A point got stuck, or moves again. May be empty.
    std::function<void(std::string const& device, drivers::stuck_change const& change)> stuck{};
    /// A guest's lease pauses polling for so long at most; nothing: it goes on. May be empty.
    std::function<void(link_address const& link, std::optional<milliseconds> lasts)> paused{};
};

/// A device and how often each class is read.
struct polled_device {
    drivers::device device;
    std::array<milliseconds, 4> periods = default_periods;
};

/// Counts of one device since the start.
struct poll_counts {
    std::uint64_t polls = 0;
    std::uint64_t failed = 0;
    std::uint64_t missed = 0; ///< slots skipped because the link was busy
};

/// How a link treats its devices.
struct link_policy {
    double failing_share = 0.1;                  ///< of its time that failing devices together may take
    milliseconds probe_max{30'000};              ///< longest distance between two probes of a silent device
    int offline_after = 2;                       ///< failed polls
    std::chrono::microseconds slot = poll::slot; ///< starts of periods that are multiples of it fall on such
    bool close_after_poll = false;               ///< the link is closed whenever nothing is due
};

/// Polls the devices of one link: one coroutine that obeys the link's agenda until stop().
class link_poller {
public:
    link_poller(asio::any_io_executor executor, std::unique_ptr<modbus::link> link, std::vector<polled_device> devices,
                plant_clock clock, poll_listener listener, std::size_t first_phase, link_policy policy = {});

    void start();

    /// Ends a poll under way and waits for the coroutine. start() may not follow.
    asio::awaitable<void> stop();

    /// A guest's request, served between polls (link_guests). False when it already has one, or too many wait.
    [[nodiscard]] bool ask(guest_desk::guest g, guest_request request);
    /// Pauses polling for `lasts` of plant time at most. `granted` is called when the poll under way has ended and the
    /// link is closed: the line is then free for the holder. False when another guest has the lease.
    [[nodiscard]] bool lease(guest_desk::guest g, milliseconds lasts, std::function<void()> granted);
    void end_lease(guest_desk::guest g);
    /// The guest is gone, with its request and its lease.
    void leave(guest_desk::guest g);
    /// What is left of a lease.
    std::optional<milliseconds> paused_for() const;

    modbus::link const& link() const { return *link_; }
    /// Of the link without its guests.
    modbus::link_statistics statistics() const { return guests_.without_guests(link_->statistics()); }
    std::vector<polled_device> const& devices() const { return devices_; }
    health state(std::size_t device) const { return agenda_.state(device); }
    poll_counts counts(std::size_t device) const;

private:
    asio::awaitable<void> run();
    bool obeys_lease(mono_time now);
    asio::awaitable<void> wait_until(mono_time at);
    asio::awaitable<void> poll_device(std::size_t device, std::size_t group);
    asio::awaitable<void> probe_device(std::size_t device);
    void succeeded(std::size_t device);
    void failed(std::size_t device, mono_time began, std::string const& why);
    void schedule(std::size_t device);
    void tell_what_is_new(std::size_t device);

    asio::any_io_executor executor_;
    std::unique_ptr<modbus::link> link_;
    std::vector<polled_device> devices_;
    std::vector<std::vector<drivers::poll_class>> groups_;
    std::vector<poll_counts> counts_;
    plant_clock clock_;
    poll_listener listener_;
    link_policy policy_;
    link_agenda agenda_;
    guest_desk guests_;
    std::function<void()> granted_; ///< tells the holder of the lease; empty when it knows
    asio::steady_timer timer_;
    asio::steady_timer ended_; ///< never expires by itself; cancelled when run() is over
    asio::cancellation_signal cancel_;
    std::minstd_rand chance_{std::random_device{}()};
    std::size_t phase_; ///< number of the next schedule, for spreading
    bool stopping_ = false;
    bool running_ = false;
    bool paused_ = false;
};

} // namespace kilnwatt::poll
