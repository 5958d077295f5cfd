#pragma once

#include "drivers/read_plan.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::meter {

using std::chrono::milliseconds;

/// What the measurement does next: perhaps connect anew, wait, then read `range` and report. Timeouts are generous.
struct trial {
    bool reconnect = false;
    milliseconds pause{0}; ///< before the request: after the connect, or after the last answer
    drivers::read_range range;
};

/// What came of it.
struct trial_result {
    enum class kind : std::uint8_t { words, refused, failed } what = kind::failed;
    milliseconds took{0}; ///< from the request to its answer
};

/// What a device needs.
struct tuned {
    milliseconds connect_delay{0};
    milliseconds request_gap{0};
    milliseconds slowest{0};          ///< answer seen
    milliseconds response_timeout{0}; ///< three times the slowest, at least 100 ms
    std::uint16_t registers_per_request = 0;
    std::vector<drivers::read_range> holes;
    std::string failure; ///< a sentence when the measurement was given up; "" = complete
};

/// Measures what a device really needs: first which registers of an area it has, then the longest block it gives, then
/// the shortest gap and connect delay at which `repeats` requests in a row succeed. Pure: says what to try next and
/// learns from the answers; at most trials_max of them.
class tuner {
public:
    static constexpr std::size_t trials_max = 4000;
    static constexpr int repeats = 10;

    explicit tuner(drivers::read_range area);

    std::optional<trial> next() const;
    void take(trial_result const& r);

    double progress() const; ///< 0 to 1, roughly
    tuned const& found() const { return found_; }

private:
    enum class step : std::uint8_t { holes, block, gap, delay, over };

    void take_hole(trial_result const& r);
    void take_block(trial_result const& r);
    void take_pause(trial_result const& r);
    void begin_block();
    void begin_pauses(step s);
    void settle_pause();
    void give_up(std::string why);

    step step_ = step::holes;
    drivers::read_range area_;
    std::vector<drivers::read_range> open_; ///< still to be read, the next one last
    std::vector<bool> has_;                 ///< a register of the area each
    drivers::read_range run_;               ///< the longest run without a hole
    std::uint16_t least_ = 1;               ///< block known to be given
    std::uint16_t most_ = 1;                ///< block that may still be given
    std::size_t pause_ = 0;                 ///< index of the ladder
    int succeeded_ = 0;
    int failures_ = 0;
    std::size_t trials_ = 0;
    tuned found_;
};

/// The lines of a profile that say what was found, ready to be pasted; holes as comments.
std::string profile_patch(tuned const& t);

} // namespace kilnwatt::meter
