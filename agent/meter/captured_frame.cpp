#include "agent/meter/captured_frame.hpp"

#include "protocols/modbus/error.hpp"
#include "protocols/modbus/rtu_framing.hpp"
#include "protocols/modbus/tcp_framing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace kilnwatt::meter {
namespace {

using modbus::byte_view;
using modbus::get_u16;

constexpr std::size_t crc_size = 2;
constexpr std::size_t address_and_count = 4;

bool is_bits(std::uint8_t function)
{
    return function == 1 || function == 2 || function == 5 || function == 15;
}

std::string_view name_of_function(std::uint8_t function)
{
    switch (function) {
    case 1:
        return "read coils";
    case 2:
        return "read discrete inputs";
    case 3:
        return "read holding registers";
    case 4:
        return "read input registers";
    case 5:
        return "write one coil";
    case 6:
        return "write one register";
    case 15:
        return "write coils";
    case 16:
        return "write registers";
    default:
        return "function";
    }
}

void take_bits(byte_view data, std::size_t count, captured_frame& f)
{
    for (std::size_t i = 0; i < count && i / 8 < data.size(); ++i)
        f.words.push_back(static_cast<std::uint16_t>((data[i / 8] >> (i % 8)) & 1));
}

void take_registers(byte_view data, captured_frame& f)
{
    for (std::size_t i = 0; i + 1 < data.size(); i += 2)
        f.words.push_back(get_u16(data, i));
}

/// A request: address and count, address and value, or address, count and data.
bool read_as_request(byte_view pdu, captured_frame& f)
{
    auto const data = pdu.subspan(1);
    if (data.size() < address_and_count)
        return false;
    f.is_request = true;
    f.address = get_u16(data, 0);
    auto const second = get_u16(data, 2);
    if (f.function >= 1 && f.function <= 4) {
        auto const most = f.function <= 2 ? modbus::bits_max : modbus::registers_max;
        f.count = second;
        return data.size() == address_and_count && second >= 1 && second <= most;
    }
    if (f.function == 5 || f.function == 6) {
        f.words = {f.function == 5 ? static_cast<std::uint16_t>(second == 0xFF00) : second};
        return data.size() == address_and_count && (f.function == 6 || second == 0 || second == 0xFF00);
    }
    if (data.size() < address_and_count + 1 || data.size() != address_and_count + 1U + data[4])
        return false;
    f.count = second;
    auto const values = data.subspan(address_and_count + 1);
    auto const fits = f.function == 15 ? values.size() == (second + 7U) / 8U : values.size() == second * 2U;
    if (f.function == 15)
        take_bits(values, second, f);
    else
        take_registers(values, f);
    return second >= 1 && fits;
}

bool read_as_answer(byte_view pdu, captured_frame& f)
{
    auto const data = pdu.subspan(1);
    if (f.function >= 5) { // the answer to a write repeats address and value or count
        if (data.size() != address_and_count)
            return false;
        f.address = get_u16(data, 0);
        if (f.function <= 6)
            f.words = {f.function == 5 ? static_cast<std::uint16_t>(get_u16(data, 2) != 0) : get_u16(data, 2)};
        else
            f.count = get_u16(data, 2);
        return true;
    }
    if (data.empty() || data.size() != 1U + data[0] || data[0] == 0 || (f.function > 2 && data[0] % 2 != 0))
        return false;
    if (is_bits(f.function))
        take_bits(data.subspan(1), data[0] * 8U, f);
    else
        take_registers(data.subspan(1), f);
    return true;
}

/// What a PDU says, or the reason why it says nothing.
bool read_pdu(byte_view pdu, bool answer_expected, captured_frame& f, std::string& why)
{
    f.function = pdu[0] & 0x7F;
    if ((pdu[0] & modbus::exception_bit) != 0) {
        f.exception = pdu.size() == 2 ? pdu[1] : 0;
        if (f.exception == 0)
            why = fmt::format("an exception answer has 2 bytes after the unit, this has {}", pdu.size());
        return f.exception != 0;
    }
    if (name_of_function(f.function) == "function") {
        why = fmt::format("function code {} is none that reads or writes registers", f.function);
        return false;
    }
    auto as_request = f;
    auto as_answer = f;
    auto const request = read_as_request(pdu, as_request);
    auto const answer = read_as_answer(pdu, as_answer);
    if (!request && !answer) {
        why = fmt::format("{} bytes fit neither a request nor an answer of function {} ({}): is the frame cut?",
                          pdu.size() + 1, f.function, name_of_function(f.function));
        return false;
    }
    f = answer && (!request || answer_expected) ? as_answer : as_request;
    return true;
}

std::size_t tcp_size(byte_view bytes)
{
    if (bytes.size() < modbus::tcp_header_size + 1 || get_u16(bytes, 2) != 0)
        return 0;
    auto const length = get_u16(bytes, 4);
    return length >= 2 && length <= 1 + modbus::pdu_max ? 6U + length : 0;
}

bool has_crc(byte_view frame)
{
    auto const n = frame.size() - crc_size;
    return modbus::crc16(frame.first(n)) == (frame[n] | frame[n + 1] << 8);
}

/// The first RTU frame whose checksum is right; 0 = none.
std::size_t rtu_size(byte_view bytes)
{
    auto const most = std::min(bytes.size(), modbus::rtu_frame_max);
    for (std::size_t n = 4; n <= most; ++n)
        if (has_crc(bytes.first(n)))
            return n;
    return 0;
}

std::string why_no_frame(byte_view bytes)
{
    if (bytes.size() < 4)
        return fmt::format("{} bytes are too few for a frame", bytes.size());
    if (auto const n = tcp_size(bytes); n > bytes.size())
        return fmt::format("the Modbus TCP header announces {} bytes, {} are there: the frame is cut", n, bytes.size());
    auto const n = bytes.size() - crc_size;
    auto const crc = modbus::crc16(bytes.first(n));
    return fmt::format("no Modbus TCP header (bytes 3 and 4 are not 0), and as RTU the checksum is {:02X} {:02X} where "
                       "{:02X} {:02X} belongs: a byte is wrong, missing or too many",
                       bytes[n], bytes[n + 1], crc & 0xFF, crc >> 8);
}

} // namespace

std::optional<std::vector<std::uint8_t>> bytes_of_text(std::string_view text, std::string& why)
{
    std::string digits;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const c = static_cast<unsigned char>(text[i]);
        if (c == '0' && i + 1 < text.size() && (text[i + 1] == 'x' || text[i + 1] == 'X')) {
            ++i;
        } else if (std::isxdigit(c) != 0) {
            digits += static_cast<char>(c);
        } else if (std::isspace(c) == 0 && c != ',' && c != ':' && c != '-') {
            why = fmt::format("character {} is no hexadecimal digit", i + 1);
            return std::nullopt;
        }
    }
    if (digits.size() % 2 != 0 || digits.size() / 2 > capture_max) {
        why = digits.size() % 2 != 0 ? "the hexadecimal digits do not pair up into bytes"
                                     : fmt::format("more than {} bytes", capture_max);
        return std::nullopt;
    }
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i < digits.size(); i += 2)
        bytes.push_back(static_cast<std::uint8_t>(std::stoul(digits.substr(i, 2), nullptr, 16)));
    return bytes;
}

std::optional<std::vector<captured_frame>> frames_of(byte_view bytes, std::string& why)
{
    std::vector<captured_frame> frames;
    for (std::size_t at = 0; at < bytes.size() || frames.empty();) {
        auto const rest = bytes.subspan(at);
        captured_frame f;
        auto const tcp = tcp_size(rest);
        f.is_tcp = tcp != 0 && tcp <= rest.size();
        auto const size = f.is_tcp ? tcp : rtu_size(rest);
        std::string reason;
        auto is_read = false;
        if (size != 0) {
            auto const pdu = f.is_tcp ? rest.subspan(modbus::tcp_header_size, size - modbus::tcp_header_size)
                                      : rest.subspan(1, size - 1 - crc_size);
            f.transaction = f.is_tcp ? get_u16(rest, 0) : std::uint16_t{0};
            f.unit = f.is_tcp ? rest[6] : rest[0];
            auto const answer_expected = !frames.empty() && frames.back().is_request && frames.back().unit == f.unit;
            is_read = read_pdu(pdu, answer_expected, f, reason);
        } else {
            reason = why_no_frame(rest);
        }
        if (!is_read) {
            why = at == 0 ? reason : fmt::format("byte {}: {}", at + 1, reason);
            return std::nullopt;
        }
        frames.push_back(std::move(f));
        at += size;
    }
    return frames;
}

std::string to_string(captured_frame const& f)
{
    auto text = fmt::format("{} {} {} unit {}: {} ({})", f.is_tcp ? "TCP" : "RTU", f.is_request ? "request" : "answer",
                            f.is_request ? "to" : "of", f.unit, name_of_function(f.function), f.function);
    if (f.exception != 0)
        return text + ", refused: " + modbus::make_error_code(static_cast<modbus::errc>(f.exception)).message();
    if (f.address)
        text += fmt::format(", address {}", *f.address);
    if (f.count)
        text += fmt::format(", count {}", *f.count);
    if (!f.words.empty())
        text += fmt::format(", {} {}", f.words.size(), is_bits(f.function) ? "bits" : "registers");
    if (f.is_tcp)
        text += fmt::format(", transaction {}", f.transaction);
    return text;
}

} // namespace kilnwatt::meter
