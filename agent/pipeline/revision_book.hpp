#pragma once

#include "agent/energy/byte_stream.hpp"
#include "agent/energy/calendar.hpp"
#include "core/layout.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace kilnwatt::pipeline {

/// How often the windows of each stream were made again. Neighbours with one revision are kept as one span, so that an
/// outage of hours is a line a stream.
class revision_book {
public:
    /// The next revision of a window; remembers it.
    std::int64_t next(std::string const& device, stream kind, energy::time_span when);

    /// Windows that ended before `t` are not made again any more.
    void forget(energy::instant t);

    void save(energy::byte_writer& w) const;
    void load(energy::byte_reader& r);

private:
    struct span {
        std::string device;
        stream kind = stream::window_1m;
        energy::time_span when;
        std::int64_t revision = 0;
    };
    std::vector<span> spans_; ///< of two that hold a window the later one counts
};

} // namespace kilnwatt::pipeline
