#include "agent/poll/link_poller.hpp"
#include "bench/poll/latent_server.hpp"
#include "protocols/modbus/deadline_list.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <fmt/format.h>
#include <modbus/modbus.h>

#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <map>

/// How much the engine takes for each read and how well it keeps its periods, on one thread; beside a libmodbus loop.
///
///     bench_poll [devices = 1000] [seconds a run = 10]
namespace {

using namespace kilnwatt;
using kilnwatt::bench::latent_server;
using namespace std::chrono_literals;
namespace asio = boost::asio;

constexpr auto period = 1000ms;
constexpr auto latency = 20ms;
constexpr int rounds = 5; ///< of both schedules
constexpr std::uint16_t registers = 100;
constexpr auto row_format = "{:<22}{:>9}{:>12.1f}{:>14.1f}{:>14.2f}{:>12.2f}{:>12.2f}\n";

/// Of the calling thread.
struct thread_use {
    double cpu_us = 0;
    double sleeps = 0; ///< times it had nothing to do and was woken again

    thread_use operator-(thread_use const& o) const { return {cpu_us - o.cpu_us, sleeps - o.sleeps}; }
};

thread_use thread_use_now()
{
    rusage usage{};
    getrusage(RUSAGE_THREAD, &usage);
    auto const us = [](timeval t) { return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec); };
    return {us(usage.ru_utime) + us(usage.ru_stime), static_cast<double>(usage.ru_nvcsw)};
}

double percentile(std::vector<double> values, double share)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

drivers::device meter(std::size_t n)
{
    drivers::profile p;
    p.id = "bench";
    for (std::uint16_t i = 0; i < registers; ++i) {
        drivers::point q;
        q.name = "vendor.p" + std::to_string(i);
        q.address = i;
        q.poll = drivers::poll_class::fast;
        p.points.push_back(std::move(q));
    }
    return {"meter-" + std::to_string(n), 1, std::move(p)};
}

/// All pollers of one run on one thread.
class engine {
public:
    explicit engine(std::chrono::microseconds slot) : slot_{slot} {}

    void add(std::uint16_t port)
    {
        link_address address{.kind = link_kind::tcp, .host = "127.0.0.1", .port = port};
        auto const n = pollers_.size();
        readings_.emplace_back();
        poll::poll_listener listener{
            [this, n](row) { readings_[n].push_back(std::chrono::steady_clock::now()); },
            [](std::string const&, poll::health, std::string const&) {},
        };
        std::vector<poll::polled_device> devices;
        devices.push_back({meter(n)});
        poll::link_policy const policy{.slot = slot_};
        pollers_.push_back(std::make_unique<poll::link_poller>(
            context_.get_executor(), modbus::make_link(context_.get_executor(), deadlines_, address, {}),
            std::move(devices), plant_clock{}, std::move(listener), n, policy));
    }

    /// What this thread used meanwhile.
    thread_use run(std::chrono::seconds lasts)
    {
        for (auto& p : pollers_)
            p->start();
        context_.run_for(2s); // connections are made
        reads_before_ = reads();
        auto const before = thread_use_now();
        context_.run_for(lasts);
        return thread_use_now() - before;
    }

    std::size_t reads() const
    {
        std::size_t n = 0;
        for (auto const& r : readings_)
            n += r.size();
        return n;
    }
    std::size_t reads_measured() const { return reads() - reads_before_; }

    /// Distances between the readings of the devices, in ms.
    std::vector<double> intervals() const
    {
        std::vector<double> all;
        for (auto const& r : readings_)
            for (std::size_t i = 3; i < r.size(); ++i)
                all.push_back(std::chrono::duration<double, std::milli>(r[i] - r[i - 1]).count());
        return all;
    }

private:
    std::chrono::microseconds slot_;
    asio::io_context context_{1};
    modbus::deadline_list deadlines_{context_.get_executor()};
    std::vector<std::vector<std::chrono::steady_clock::time_point>> readings_;
    std::vector<std::unique_ptr<poll::link_poller>> pollers_;
    std::size_t reads_before_ = 0;
};

double poll_many(std::size_t devices, std::chrono::seconds lasts, std::chrono::microseconds slot, char const* name)
{
    latent_server server{latency};
    engine e{slot};
    for (std::size_t i = 0; i < devices; ++i)
        e.add(server.port());
    auto const use = e.run(lasts);
    server.stop();
    auto const reads = static_cast<double>(std::max<std::size_t>(1, e.reads_measured()));
    auto const deviations = server.deviations(period);
    fmt::print(row_format, name, devices, reads / static_cast<double>(lasts.count()), use.cpu_us / reads,
               use.sleeps / reads, percentile(deviations, 0.5), percentile(deviations, 0.99));
    return use.cpu_us / reads;
}

/// The straightforward program: one thread, one device after the other.
void poll_with_libmodbus(std::chrono::seconds lasts)
{
    latent_server server{latency};
    auto* context = modbus_new_tcp("127.0.0.1", server.port());
    if (context == nullptr || modbus_connect(context) != 0)
        return;
    std::array<std::uint16_t, registers> words{};
    std::size_t reads = 0;
    auto const before = thread_use_now();
    for (auto const end = std::chrono::steady_clock::now() + lasts; std::chrono::steady_clock::now() < end; ++reads)
        if (modbus_read_registers(context, 0, registers, words.data()) != registers)
            break;
    auto const use = thread_use_now() - before;
    modbus_close(context);
    modbus_free(context);
    auto const n = static_cast<double>(std::max<std::size_t>(1, reads));
    fmt::print("{:<22}{:>9}{:>12.1f}{:>14.1f}{:>14.2f}{:>12}{:>12}\n", "libmodbus loop", 1,
               n / static_cast<double>(lasts.count()), use.cpu_us / n, use.sleeps / n, "-", "-");
}

/// 90 good devices beside 4 that are silent, 3 that refuse the connection and 3 that accept it and hang.
void poll_beside_the_dead(std::chrono::seconds lasts)
{
    latent_server good{latency};
    latent_server silent{latency, true};
    asio::io_context unused;
    asio::ip::tcp::acceptor hanging{unused, {asio::ip::address_v4::loopback(), 0}}; // the kernel accepts, nobody reads
    std::uint16_t refusing = 0;
    {
        asio::ip::tcp::acceptor gone{unused, {asio::ip::address_v4::loopback(), 0}};
        refusing = gone.local_endpoint().port();
    }
    engine e{poll::slot};
    for (int i = 0; i < 100; ++i)
        e.add(i % 10 != 7 ? good.port() : i < 40 ? silent.port() : i < 70 ? refusing : hanging.local_endpoint().port());
    e.run(lasts);
    auto const intervals = e.intervals();
    fmt::print("\n10 dead of 100: {} intervals of the other 90; median {:.1f} ms, 99th percentile {:.1f} ms, longest "
               "{:.1f} ms\n",
               intervals.size(), percentile(intervals, 0.5), percentile(intervals, 0.99), percentile(intervals, 1));
}

void allow_descriptors()
{
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace

int main(int argc, char** argv)
{
    std::size_t const devices = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1000;
    std::chrono::seconds const lasts{argc > 2 ? std::strtol(argv[2], nullptr, 10) : 10};
    allow_descriptors();
    fmt::print("{} registers a device every {} ms, answers after {} ms, one thread\n\n", registers, period.count(),
               latency.count());
    fmt::print("{:<22}{:>9}{:>12}{:>14}{:>14}{:>12}{:>12}\n", "", "devices", "reads/s", "CPU us/read", "wakes/read",
               "dev p50 ms", "dev p99 ms");
    std::vector<double> ratios; // in turns, because the machine may be slower a minute later
    for (int round = 0; round < rounds; ++round) {
        auto const with = poll_many(devices, lasts, poll::slot, "slots of 50 ms");
        ratios.push_back(with / poll_many(devices, lasts, 1us, "without slots"));
    }
    poll_with_libmodbus(lasts);
    fmt::print("\nCPU with slots / without: median {:.2f} of {}, {:.2f} to {:.2f}\n", percentile(ratios, 0.5), rounds,
               percentile(ratios, 0), percentile(ratios, 1));
    poll_beside_the_dead(3 * lasts);
}
