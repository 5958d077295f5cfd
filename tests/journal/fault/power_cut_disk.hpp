#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace journal_test {

/// A layer between SQLite and the files of one folder that knows what a power cut leaves of them: all that was synced,
/// and of what was written since any sectors, or none. One at a time, made before a journal is opened and gone after
/// it.
class power_cut_disk {
public:
    struct cut {
        std::map<std::string, std::string> files; ///< what each holds when the power is back, by path
        std::int64_t promised = 0;                ///< what promised() answered at that moment
    };

    /// Cuts come at random writes and syncs, one in `every` of them on average; `promised` is asked at each.
    power_cut_disk(std::string folder, std::uint32_t seed, unsigned every, std::function<std::int64_t()> promised);
    ~power_cut_disk();
    power_cut_disk(power_cut_disk const&) = delete;
    power_cut_disk& operator=(power_cut_disk const&) = delete;

    std::vector<cut> take_cuts(); ///< those since the last call; any thread
};

} // namespace journal_test
