#include "agent/control/production_message.hpp"

#include "core/point_names.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace kilnwatt::control {
namespace {

std::string_view trimmed(std::string_view s)
{
    constexpr std::string_view blanks = " \t\r\n";
    auto const first = s.find_first_not_of(blanks);
    return first == std::string_view::npos ? "" : s.substr(first, s.find_last_not_of(blanks) - first + 1);
}

std::optional<double> plain_number(std::string_view text)
{
    auto x = 0.0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), x);
    return ec == std::errc{} && end == text.data() + text.size() ? std::optional{x} : std::nullopt;
}

std::optional<double> member(std::string_view payload, std::string_view key)
{
    boost::json::error_code ec;
    auto const document = boost::json::parse(payload, ec);
    auto const* at = ec ? nullptr : &document;
    while (at != nullptr && !key.empty()) {
        auto const dot = key.find('.');
        auto const* object = at->if_object();
        at = object == nullptr ? nullptr : object->if_contains(key.substr(0, dot));
        key = dot == std::string_view::npos ? std::string_view{} : key.substr(dot + 1);
    }
    if (at == nullptr || !at->is_number())
        return std::nullopt;
    return at->to_number<double>();
}

} // namespace

std::optional<double> production_total(std::string_view payload, std::string_view key, std::string& why)
{
    if (payload.size() > production_bytes_max) {
        why = fmt::format("a message of {} bytes, more than {}", payload.size(), production_bytes_max);
        return std::nullopt;
    }
    auto const x = key.empty() ? plain_number(trimmed(payload)) : member(payload, key);
    if (!x)
        why = key.empty() ? "a message that is no plain number"
                          : fmt::format("a message without a number '{}' in a JSON object", key);
    else if (!std::isfinite(*x) || *x < 0 || *x > production_max)
        why = fmt::format("a total of {:g}, outside 0 to {:g}", *x, production_max);
    else
        return x;
    return std::nullopt;
}

layout_ptr production_layout(std::string const& device, std::string const& point)
{
    column c;
    c.name = point;
    c.unit = point_meaning_of(point)->unit;
    c.kind = value_kind::f64;
    c.counter = true;
    auto l = std::make_shared<layout>();
    l->device = device;
    l->source = "mqtt";
    l->columns = {c};
    return l;
}

} // namespace kilnwatt::control
