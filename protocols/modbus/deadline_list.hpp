#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <map>

namespace kilnwatt::modbus {

namespace asio = boost::asio;

/// All timeouts of one thread behind one timer: a timer an exchange would double the CPU of a poll.
///
/// Deadlines are rounded up to 10 ms slots, so that many expire in one wake-up. Not thread-safe: one executor.
class deadline_list {
public:
    using clock = std::chrono::steady_clock;
    using handler = std::function<void()>;

    explicit deadline_list(asio::any_io_executor executor);
    ~deadline_list();
    deadline_list(deadline_list const&) = delete;
    deadline_list& operator=(deadline_list const&) = delete;

    /// An armed deadline; destroying it disarms it. Movable.
    class guard {
    public:
        guard() = default;
        guard(guard&& other) noexcept;
        guard& operator=(guard&& other) noexcept;
        ~guard() { disarm(); }
        void disarm();

    private:
        friend class deadline_list;
        using entries = std::multimap<clock::time_point, handler>;
        guard(deadline_list* list, entries::iterator at) : list_{list}, at_{at} {}
        deadline_list* list_ = nullptr;
        entries::iterator at_;
    };

    /// Runs `expired` on the executor at the first slot not before `at`, unless the guard goes first.
    [[nodiscard]] guard arm(clock::time_point at, handler expired);

    std::size_t size() const { return entries_.size(); }

private:
    void wait();
    void expire();

    asio::steady_timer timer_;
    guard::entries entries_;
    clock::time_point waiting_for_ = clock::time_point::max();
};

} // namespace kilnwatt::modbus
