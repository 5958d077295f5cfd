#include "agent/report/xml.hpp"

namespace kilnwatt::report {
namespace {

/// Bytes of the UTF-8 character that begins at `at`; 0 when there is none, or one that XML forbids.
std::size_t length_at(std::string_view text, std::size_t at)
{
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    auto const first = byte(at);
    if (first < 0x80)
        return first >= 0x20 || first == '\t' || first == '\n' || first == '\r' ? (first == 0x7F ? 0 : 1) : 0;
    auto const n = first >= 0xF0 ? 4u : first >= 0xE0 ? 3u : 2u;
    if (first < 0xC2 || first > 0xF4 || at + n > text.size())
        return 0;
    auto code = static_cast<std::uint32_t>(first & (0xFF >> (n + 1)));
    for (std::size_t i = 1; i < n; ++i) {
        if ((byte(at + i) & 0xC0) != 0x80)
            return 0;
        code = code << 6 | (byte(at + i) & 0x3Fu);
    }
    auto const shortest = n == 2 ? 0x80u : n == 3 ? 0x800u : 0x10000u;
    auto const surrogate = code >= 0xD800 && code <= 0xDFFF;
    return code < shortest || code > 0x10FFFF || surrogate || code == 0xFFFE || code == 0xFFFF ? 0 : n;
}

} // namespace

std::string escaped(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        auto const n = length_at(text, i);
        switch (n == 1 ? text[i] : '\0') {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += n == 0 ? std::string_view{"\xEF\xBF\xBD"} : text.substr(i, n);
        }
        i += n == 0 ? 1 : n;
    }
    return out;
}

} // namespace kilnwatt::report
