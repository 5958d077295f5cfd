#pragma once

#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace kilnwatt::mqtt {

/// The requests of a connection that the broker has not answered yet. Each has a number that is never used twice in the
/// life of a session, so a late answer matches nothing. Pure: time is an argument.
///
/// Bounded by its user: publishes by the window, subscriptions by subscribe_max.
class outstanding {
public:
    using clock = std::chrono::steady_clock;
    using done = std::function<void(boost::system::error_code)>;

    enum class kind : std::uint8_t { publish, subscribe };

    struct request {
        std::uint64_t number = 0;
        kind what = kind::publish;
        clock::time_point deadline;
        done completed;
    };

    explicit outstanding(clock::duration ack_timeout) : ack_timeout_{ack_timeout} {}

    /// Takes a request that was made at `now` and gives its number, from 1.
    std::uint64_t add(kind what, done completed, clock::time_point now);

    /// Takes the request out; nothing when it was answered, or given up, before.
    std::optional<request> finish(std::uint64_t number);

    /// Takes all out, the oldest first.
    std::vector<request> take_all();

    std::size_t count(kind what) const;
    bool empty() const { return requests_.empty(); }

    /// When the oldest request is overdue; nothing when there is none.
    std::optional<clock::time_point> deadline() const;

private:
    clock::duration ack_timeout_;
    std::uint64_t last_number_ = 0;
    std::vector<request> requests_; ///< in the order of their numbers and so of their deadlines
};

} // namespace kilnwatt::mqtt
