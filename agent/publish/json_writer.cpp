#include "agent/publish/json_writer.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

namespace kilnwatt::publish {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD

/// Length of the well-formed UTF-8 sequence at the front of `text` (Unicode 15, table 3-7); 0 when there is none.
std::size_t utf8_length(std::string_view text)
{
    auto const byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
    auto const continues = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
    auto const lead = byte(0);
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return continues(1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        bool const overlong = lead == 0xE0 && byte(1) < 0xA0;
        bool const surrogate = lead == 0xED && byte(1) > 0x9F;
        return continues(1) && continues(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        bool const overlong = lead == 0xF0 && byte(1) < 0x90;
        bool const beyond = lead == 0xF4 && byte(1) > 0x8F;
        return continues(1) && continues(2) && continues(3) && !overlong && !beyond ? 4 : 0;
    }
    return 0;
}

void append_escaped(std::string& out, char c)
{
    switch (c) {
    case '"':
        out += "\\\"";
        break;
    case '\\':
        out += "\\\\";
        break;
    case '\n':
        out += "\\n";
        break;
    case '\r':
        out += "\\r";
        break;
    case '\t':
        out += "\\t";
        break;
    default:
        if (static_cast<unsigned char>(c) < 0x20)
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
        else
            out += c;
    }
}

} // namespace

void json_writer::open(char bracket)
{
    item({&bracket, 1});
    comma_ = false;
}

void json_writer::close(char bracket)
{
    out_ += bracket;
    comma_ = true;
}

void json_writer::item(std::string_view text)
{
    if (comma_)
        out_ += ',';
    out_ += text;
    comma_ = true;
}

void json_writer::key(std::string_view name)
{
    if (comma_)
        out_ += ',';
    quoted(name);
    out_ += ':';
    comma_ = false;
}

void json_writer::integer(std::int64_t number)
{
    item(fmt::format_int{number}.c_str());
}

void json_writer::integer(std::uint64_t number)
{
    item(fmt::format_int{number}.c_str());
}

void json_writer::value(double number)
{
    if (!std::isfinite(number))
        return null();
    std::array<char, 32> buffer;
    auto const [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    std::string_view const digits{buffer.data(), static_cast<std::size_t>(end - buffer.data())};
    item(digits);
    if (digits.find_first_of(".e") == std::string_view::npos)
        out_ += ".0";
}

void json_writer::value(std::string_view text)
{
    item("");
    quoted(text);
}

void json_writer::value(kilnwatt::value const& v)
{
    std::visit(
        [this](auto const& x) {
            if constexpr (std::is_same_v<std::decay_t<decltype(x)>, std::monostate>)
                null();
            else
                value(x);
        },
        v);
}

void json_writer::quoted(std::string_view text)
{
    out_ += '"';
    while (!text.empty()) {
        auto const length = utf8_length(text);
        if (length == 1)
            append_escaped(out_, text.front());
        else
            out_ += length == 0 ? replacement : text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    out_ += '"';
}

} // namespace kilnwatt::publish
