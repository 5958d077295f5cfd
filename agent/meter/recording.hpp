#pragma once

#include "core/result.hpp"
#include "protocols/modbus/pdu.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace kilnwatt::meter {

/// One request and what came of it: words, or an error of modbus::errc.
struct recorded_exchange {
    std::chrono::milliseconds at{0}; ///< since the recording began
    modbus::read_request request;
    boost::system::error_code error;
    std::vector<std::uint16_t> words;

    friend bool operator==(recorded_exchange const&, recorded_exchange const&) = default;
};

inline constexpr std::size_t exchanges_max = 1'000'000; ///< of a recording that is read back

/// A recording is text that people read and edit: an exchange a line, '#' begins a comment.
///
///     12.340 1 holding 19026 2: 4248 147B
///     12.360 1 input 0 10: ! exception 2
///     12.380 1 coils 0 3: 1 0 1
///     13.400 1 holding 19026 2: ! silence
///
/// Seconds, unit, table, wire address, count; then registers in hexadecimal, bits as 0 or 1, or after '!' what went
/// wrong: exception N, silence (no answer), garbled (no Modbus), closed (the connection).
std::string recording_head(std::string_view target, std::string_view when);
std::string to_line(recorded_exchange const& e);

/// Nothing, with line and reason in `why`, when a line is none of these.
std::optional<std::vector<recorded_exchange>> read_recording(std::string_view text, std::string& why);

/// Plays a recording as a device: the n-th time the same is asked gets the n-th answer recorded for it, from the front
/// again after the last. What was never asked in this form is put together from the last words known of each register;
/// illegal_data_address when there are none. Pure.
class replayer {
public:
    explicit replayer(std::vector<recorded_exchange> exchanges);

    std::vector<std::uint8_t> const& units() const { return units_; }
    [[nodiscard]] result<std::vector<std::uint16_t>> answer(modbus::read_request const& request);

private:
    using key = std::tuple<std::uint8_t, modbus::table, std::uint16_t, std::uint16_t>;
    struct track {
        std::vector<std::size_t> answers; ///< indices of exchanges_
        std::size_t next = 0;
    };

    std::vector<recorded_exchange> exchanges_;
    std::map<key, track> tracks_;
    std::map<std::tuple<std::uint8_t, modbus::table, std::uint32_t>, std::uint16_t> registers_;
    std::vector<std::uint8_t> units_;
};

} // namespace kilnwatt::meter
