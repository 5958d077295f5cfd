#pragma once

#include "agent/publish/lanes.hpp"

#include <functional>
#include <string>

namespace kilnwatt::publish {

/// Where a sink reads committed records from and keeps its cursor: the journal, as far as a sink needs it.
class records {
public:
    using read_done = std::function<void(batch_ptr found, position next)>;

    virtual ~records() = default;

    virtual std::string epoch() const = 0;
    virtual position head() const = 0;   ///< position after the last committed record
    virtual position oldest() const = 0; ///< lowest position still held

    /// At most `max` records of `range`; `done` runs on any thread and goes on from `next`.
    virtual void read(position_range range, std::size_t max, read_done done) = 0;

    /// `unconfirmed`: the lowest position the sink still needs.
    virtual void save_cursor(std::string const& sink, std::string bytes, position unconfirmed) = 0;
    virtual std::string load_cursor(std::string const& sink) const = 0; ///< "" = a new sink

    /// What a sink keeps beside its cursor and changes seldom.
    virtual void save_keepsake(std::string const& sink, std::string text) = 0;
    virtual std::string load_keepsake(std::string const& sink) const = 0;
};

} // namespace kilnwatt::publish
