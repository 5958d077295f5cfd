#include "agent/control/control_protocol.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <array>

namespace kilnwatt::control {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 4> verbs{"owns", "read", "lease", "release"};
constexpr std::size_t link_max = 512;
constexpr std::size_t error_max = 1'000;

/// The object of a line of this version.
std::optional<json::object> object_of(std::string_view line, std::string& why)
{
    json::error_code failed;
    json::parse_options options;
    options.max_depth = 4;
    auto const parsed = line.size() > control_line_max ? json::value{} : json::parse(line, failed, {}, options);
    if (failed || !parsed.is_object()) {
        why = "the line is no JSON object";
        return std::nullopt;
    }
    auto const& o = parsed.get_object();
    auto const* v = o.if_contains("v");
    if (v == nullptr || !v->is_int64() || v->get_int64() != control_version) {
        why = fmt::format("this agent speaks version {} of the control protocol only", control_version);
        return std::nullopt;
    }
    return o;
}

std::optional<std::int64_t> number(json::object const& o, std::string_view key, std::int64_t least, std::int64_t most)
{
    auto const* v = o.if_contains(key);
    if (v == nullptr || !v->is_int64() || v->get_int64() < least || v->get_int64() > most)
        return std::nullopt;
    return v->get_int64();
}

std::optional<std::string> text(json::object const& o, std::string_view key, std::size_t most)
{
    auto const* v = o.if_contains(key);
    if (v == nullptr || !v->is_string() || v->get_string().size() > most)
        return std::nullopt;
    return std::string{v->get_string()};
}

bool take_read(json::object const& o, control_request& r)
{
    auto const unit = number(o, "unit", 0, 255);
    auto const table = number(o, "table", 1, 4);
    auto const address = number(o, "address", 0, 65535);
    auto const count = number(o, "count", 1, modbus::bits_max);
    if (!unit || !table || !address || !count)
        return false;
    r.read = {static_cast<std::uint8_t>(*unit), static_cast<modbus::table>(*table),
              static_cast<std::uint16_t>(*address), static_cast<std::uint16_t>(*count)};
    return modbus::is_valid(r.read);
}

} // namespace

std::string to_line(control_request const& r)
{
    json::object o{{"v", control_version}, {"op", verbs[static_cast<std::size_t>(r.what)]}, {"link", r.link}};
    if (r.what == control_request::verb::read) {
        o["unit"] = r.read.unit;
        o["table"] = static_cast<int>(r.read.from);
        o["address"] = r.read.address;
        o["count"] = r.read.count;
    }
    if (r.what == control_request::verb::lease)
        o["seconds"] = r.lease.count();
    return json::serialize(o) + "\n";
}

std::string to_line(control_reply const& r)
{
    json::object o{{"v", control_version}};
    if (!r.error.empty())
        o["error"] = r.error.substr(0, error_max);
    if (r.modbus)
        o["modbus"] = *r.modbus;
    if (r.owns)
        o["owns"] = *r.owns;
    if (!r.words.empty())
        o["words"] = json::array(r.words.begin(), r.words.end());
    if (r.leased)
        o["leased"] = r.leased->count();
    return json::serialize(o) + "\n";
}

std::optional<control_request> parse_request(std::string_view line, std::string& why)
{
    auto const o = object_of(line, why);
    if (!o)
        return std::nullopt;
    auto const op = text(*o, "op", 16);
    auto const link = text(*o, "link", link_max);
    control_request r;
    for (std::size_t i = 0; op && i < verbs.size(); ++i)
        if (*op == verbs[i] && link) {
            r.what = static_cast<control_request::verb>(i);
            r.link = *link;
            auto const seconds = number(*o, "seconds", 1, lease_max.count());
            auto const is_lease = r.what == control_request::verb::lease;
            if (is_lease && seconds)
                r.lease = std::chrono::seconds{*seconds};
            if ((is_lease && !seconds) || (r.what == control_request::verb::read && !take_read(*o, r)))
                break;
            return r;
        }
    why = "no request of the control protocol";
    return std::nullopt;
}

std::optional<control_reply> parse_reply(std::string_view line, std::string& why)
{
    auto const o = object_of(line, why);
    if (!o)
        return std::nullopt;
    control_reply r;
    r.error = text(*o, "error", error_max).value_or("");
    if (auto const e = number(*o, "modbus", 1, 1'000))
        r.modbus = static_cast<int>(*e);
    if (auto const* v = o->if_contains("owns"); v != nullptr && v->is_bool())
        r.owns = v->get_bool();
    if (auto const s = number(*o, "leased", 0, lease_max.count()))
        r.leased = std::chrono::seconds{*s};
    if (auto const* v = o->if_contains("words"); v != nullptr && v->is_array()) {
        for (auto const& w : v->get_array()) {
            if (!w.is_int64() || w.get_int64() < 0 || w.get_int64() > 65535 || r.words.size() == modbus::bits_max) {
                why = "words that are no registers";
                return std::nullopt;
            }
            r.words.push_back(static_cast<std::uint16_t>(w.get_int64()));
        }
    }
    return r;
}

} // namespace kilnwatt::control
