#pragma once

#include "protocols/modbus/link.hpp"

#include <optional>

namespace kilnwatt::modbus {

/// When a link may connect and when it may send. Pure: time is an argument.
///
/// Besides the gaps of link_timing it keeps a late answer from being taken for another one where the frames carry no
/// transaction: after a timeout, the next request of the same unit and function waits until a response timeout has
/// passed once more, and what arrives meanwhile is dropped before it is sent.
class link_pace {
public:
    using clock = std::chrono::steady_clock;

    /// `frame_gap`: silence the line needs between frames. `late_answers_fit`: frames carry no transaction.
    link_pace(link_timing const& timing, clock::duration frame_gap, bool late_answers_fit);

    /// How long to wait before the next attempt to connect. Nothing: the last one failed less than connect_interval
    /// ago, so the answer is known.
    std::optional<clock::duration> until_connect(clock::time_point now) const;
    void connected(clock::time_point now);
    void connect_failed(clock::time_point now);

    /// Not before this may a request be sent whose answer has this shape.
    clock::time_point send_at(answer_shape const& expected) const;
    void ended(std::uint8_t unit, clock::time_point now);
    /// The exchange ended without an answer, which may still come.
    void unanswered(answer_shape const& expected, clock::time_point now);

private:
    clock::duration connect_interval_;
    clock::duration connect_delay_;
    clock::duration gap_;
    clock::duration unit_gap_;
    clock::duration late_max_;

    std::optional<clock::time_point> last_attempt_;
    bool last_attempt_failed_ = false;
    clock::time_point ready_{};
    std::optional<std::uint8_t> last_unit_;
    clock::time_point ready_for_another_{}; ///< unit than the last one
    answer_shape owed_{};
    clock::time_point owed_until_{};
};

} // namespace kilnwatt::modbus
