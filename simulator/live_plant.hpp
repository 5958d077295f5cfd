#pragma once

#include "core/plant_clock.hpp"
#include "core/result.hpp"
#include "simulator/plant.hpp"

#include <fstream>
#include <mutex>
#include <string>

namespace kilnwatt::simulator {

/// The plant in running time, shared by all servers, and the record of its truth. Safe from any thread.
class live_plant {
public:
    /// The plant starts at the clock's time now.
    live_plant(plant_clock clock, std::uint64_t seed);

    /// Writes the cumulative truth at every plant minute to this CSV, from now on. Fails when it cannot be made.
    [[nodiscard]] result<void> record_series(std::string const& path);

    /// Brings the plant to the time now, and runs `f(plant const&)` while it stands still.
    template <class F>
    auto look(F f)
    {
        std::lock_guard const hold{mutex_};
        plant_.advance_to(clock_.now().utc);
        return f(static_cast<plant const&>(plant_));
    }

    /// The truth from the start to now as JSON, into a file; the series is flushed too.
    [[nodiscard]] result<void> write_truth(std::string const& path);

private:
    std::mutex mutex_;
    plant_clock clock_;
    plant plant_;
    std::ofstream series_;
};

} // namespace kilnwatt::simulator
