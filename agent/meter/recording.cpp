#include "agent/meter/recording.hpp"

#include "agent/meter/range_text.hpp"
#include "protocols/modbus/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

namespace kilnwatt::meter {
namespace {

using modbus::errc;

struct mishap {
    std::string_view word;
    errc error;
};
constexpr std::array mishaps{mishap{"silence", errc::timeout}, mishap{"garbled", errc::malformed_reply},
                             mishap{"closed", errc::connection_lost}};

bool is_bits(modbus::table t)
{
    return t == modbus::table::coils || t == modbus::table::discrete_inputs;
}

std::string text_of(boost::system::error_code const& error)
{
    if (modbus::is_exception(error) && error.value() <= 11)
        return fmt::format("exception {}", error.value());
    for (auto const& m : mishaps)
        if (error == m.error)
            return std::string{m.word};
    return "silence";
}

template <class N>
std::optional<N> number(std::string_view text, int base = 10)
{
    N n{};
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n, base);
    return !text.empty() && ec == std::errc{} && end == text.data() + text.size() ? std::optional{n} : std::nullopt;
}

/// "12.340" as milliseconds.
std::optional<std::chrono::milliseconds> seconds_of(std::string const& text)
{
    auto const dot = text.find('.');
    auto const whole = number<std::uint32_t>(std::string_view{text}.substr(0, dot));
    auto fraction = dot == std::string::npos ? std::string{"0"} : text.substr(dot + 1);
    fraction.resize(3, '0');
    auto const rest = number<std::uint32_t>(fraction);
    if (!whole || !rest)
        return std::nullopt;
    return std::chrono::milliseconds{std::uint64_t{*whole} * 1000 + *rest};
}

std::string read_outcome(std::istringstream& in, recorded_exchange& e)
{
    std::string word;
    std::vector<std::string> words;
    while (in >> word)
        words.push_back(word);
    if (!words.empty() && words.front() == "!") {
        if (words.size() == 3 && words[1] == "exception") {
            auto const n = number<int>(words[2]);
            if (!n || *n < 1 || *n > 11)
                return fmt::format("exception {} is not 1 to 11", words[2]);
            e.error = static_cast<errc>(*n);
            return {};
        }
        for (auto const& m : mishaps)
            if (words.size() == 2 && words[1] == m.word)
                e.error = m.error;
        return e.error ? "" : "after '!' stands exception N, silence, garbled or closed";
    }
    for (auto const& w : words) {
        auto const n = number<std::uint16_t>(w, 16);
        if (!n || (is_bits(e.request.from) && *n > 1))
            return fmt::format("'{}' is no {}", w, is_bits(e.request.from) ? "bit" : "register");
        e.words.push_back(*n);
    }
    if (e.words.size() != e.request.count)
        return fmt::format("{} words where the request asks for {}", e.words.size(), e.request.count);
    return {};
}

std::string read_line(std::string const& line, recorded_exchange& e)
{
    std::istringstream in{line};
    std::string at, unit, table, address, count;
    in >> at >> unit >> table >> address >> count;
    if (count.empty() || count.back() != ':')
        return "not 'seconds unit table address count: ...'";
    count.pop_back();
    auto const time = seconds_of(at);
    auto const u = number<std::uint8_t>(unit);
    auto const t = table_of(table);
    auto const a = number<std::uint16_t>(address);
    auto const n = number<std::uint16_t>(count);
    if (!time || !u || !t || !a || !n)
        return "not 'seconds unit table address count: ...'";
    e.at = *time;
    e.request = {*u, *t, *a, *n};
    return modbus::is_valid(e.request) ? read_outcome(in, e) : "no request of Modbus has this address and count";
}

} // namespace

std::string recording_head(std::string_view target, std::string_view when)
{
    return fmt::format("# kilnwatt recording 1 of {}, {}\n"
                       "# seconds unit table address count: registers in hexadecimal, or ! exception N | silence | "
                       "garbled | closed\n",
                       target, when);
}

std::string to_line(recorded_exchange const& e)
{
    auto const& q = e.request;
    auto line = fmt::format("{}.{:03} {} {} {} {}:", e.at.count() / 1000, e.at.count() % 1000, q.unit, name_of(q.from),
                            q.address, q.count);
    if (e.error)
        return line + " ! " + text_of(e.error) + "\n";
    for (auto const w : e.words)
        line += is_bits(q.from) ? fmt::format(" {}", w) : fmt::format(" {:04X}", w);
    return line + "\n";
}

std::optional<std::vector<recorded_exchange>> read_recording(std::string_view text, std::string& why)
{
    std::vector<recorded_exchange> all;
    std::istringstream in{std::string{text}};
    int n = 0;
    for (std::string line; std::getline(in, line);) {
        ++n;
        line.resize(std::min(line.find('#'), line.size()));
        if (line.find_first_not_of(" \t\r") == std::string::npos)
            continue;
        recorded_exchange e;
        auto reason = all.size() == exchanges_max ? std::string{"too many lines"} : read_line(line, e);
        if (!reason.empty()) {
            why = fmt::format("line {}: {}", n, reason);
            return std::nullopt;
        }
        all.push_back(std::move(e));
    }
    if (all.empty()) {
        why = "no exchange is in it";
        return std::nullopt;
    }
    return all;
}

replayer::replayer(std::vector<recorded_exchange> exchanges) : exchanges_{std::move(exchanges)}
{
    for (std::size_t i = 0; i < exchanges_.size(); ++i) {
        auto const& e = exchanges_[i];
        auto const& q = e.request;
        tracks_[{q.unit, q.from, q.address, q.count}].answers.push_back(i);
        for (std::size_t w = 0; w < e.words.size(); ++w)
            registers_[{q.unit, q.from, static_cast<std::uint32_t>(q.address + w)}] = e.words[w];
        if (std::find(units_.begin(), units_.end(), q.unit) == units_.end())
            units_.push_back(q.unit);
    }
}

result<std::vector<std::uint16_t>> replayer::answer(modbus::read_request const& q)
{
    if (auto const known = tracks_.find({q.unit, q.from, q.address, q.count}); known != tracks_.end()) {
        auto& t = known->second;
        auto const& e = exchanges_[t.answers[t.next]];
        t.next = (t.next + 1) % t.answers.size();
        if (e.error)
            return e.error;
        return e.words;
    }
    std::vector<std::uint16_t> words;
    for (std::size_t i = 0; i < q.count; ++i) {
        auto const at = registers_.find({q.unit, q.from, static_cast<std::uint32_t>(q.address + i)});
        if (at == registers_.end())
            return errc::illegal_data_address;
        words.push_back(at->second);
    }
    return words;
}

} // namespace kilnwatt::meter
