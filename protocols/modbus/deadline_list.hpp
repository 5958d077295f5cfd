#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace kilnwatt::modbus {

namespace asio = boost::asio;

/// All timeouts of one thread behind one timer: a timer an exchange would double the CPU of a poll.
///
/// Deadlines are rounded up to 10 ms slots, so that many expire in one wake-up. Arming and disarming allocates nothing
/// once as many deadlines were armed before, if the handler fits into a std::function (one pointer). A disarmed
/// deadline leaves the timer running to its slot. Not thread-safe: one executor.
class deadline_list {
public:
    using clock = std::chrono::steady_clock;
    using handler = std::function<void()>;
    static constexpr std::chrono::milliseconds slot{10};

    explicit deadline_list(asio::any_io_executor executor);
    ~deadline_list();
    deadline_list(deadline_list const&) = delete;
    deadline_list& operator=(deadline_list const&) = delete;

private:
    struct entry;
    using entries = std::multimap<clock::time_point, entry>;

public:
    /// An armed deadline; destroying it disarms it. Movable. May outlive the list.
    class guard {
    public:
        guard() = default;
        guard(guard&& other) noexcept;
        guard& operator=(guard&& other) noexcept;
        ~guard() { disarm(); }
        void disarm();

    private:
        friend class deadline_list;
        guard(deadline_list* list, entries::iterator at);
        deadline_list* list_ = nullptr;
        entries::iterator at_{};
    };

    /// Runs `expired` on the executor at the first slot not before `at`, unless the guard goes first. `expired` may arm
    /// and disarm deadlines.
    [[nodiscard]] guard arm(clock::time_point at, handler expired);

    std::size_t size() const { return entries_.size(); }

private:
    struct entry {
        handler expired;
        guard* owner;
    };

    void wait();
    void expire(clock::time_point now);
    void put_away(entries::iterator at);

    asio::steady_timer timer_;
    entries entries_;
    std::vector<entries::node_type> spare_; ///< nodes for the next arm(), at most spare_max
    clock::time_point waiting_for_ = clock::time_point::max();
    std::shared_ptr<deadline_list*> self_; ///< a timer handler already under way finds null after destruction
};

} // namespace kilnwatt::modbus
