#include "agent/control/control_protocol.hpp"

#include "protocols/modbus/write_pdu.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kilnwatt::control {
namespace {

namespace json = boost::json;
using verb = control_request::verb;

constexpr std::array<std::string_view, 6> verbs{"hello", "link", "read", "write", "lease", "release"};
constexpr std::size_t text_max = 1'024;
constexpr std::size_t depth_max = 3;

/// The object of a line of this version.
std::optional<json::object> object_of(std::string_view line, std::string& why)
{
    json::error_code failed;
    json::parse_options options;
    options.max_depth = depth_max;
    auto const parsed = line.size() < control_line_max ? json::parse(line, failed, {}, options) : json::value{};
    if (failed || !parsed.is_object()) {
        why = fmt::format("the line is no JSON object of less than {} bytes", control_line_max);
        return std::nullopt;
    }
    auto const& o = parsed.get_object();
    auto const* v = o.if_contains("v");
    if (v == nullptr || !v->is_int64() || v->get_int64() != control_version) {
        why = fmt::format("only version {} of the control protocol is spoken here; update the older of agent and "
                          "command line", control_version);
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

std::optional<std::string> text(json::object const& o, std::string_view key)
{
    auto const* v = o.if_contains(key);
    if (v == nullptr || !v->is_string() || v->get_string().size() > text_max)
        return std::nullopt;
    return std::string{v->get_string()};
}

bool take_place(json::object const& o, control_request& r)
{
    auto const unit = number(o, "unit", 0, 255);
    auto const table = number(o, "table", 1, 4);
    auto const address = number(o, "address", 0, 0xFFFF);
    std::optional<std::int64_t> count = static_cast<std::int64_t>(r.values.size());
    if (r.what == verb::read)
        count = number(o, "count", 1, modbus::bits_max);
    if (!unit || !table || !address || !count)
        return false;
    r.at = {static_cast<std::uint8_t>(*unit), static_cast<modbus::table>(*table),
            static_cast<std::uint16_t>(*address), static_cast<std::uint16_t>(*count)};
    return modbus::is_valid(r.at);
}

bool take_words(json::array const& from, std::vector<std::uint16_t>& words)
{
    if (from.size() > modbus::bits_max)
        return false;
    for (auto const& w : from) {
        if (!w.is_int64() || w.get_int64() < 0 || w.get_int64() > 0xFFFF)
            return false;
        words.push_back(static_cast<std::uint16_t>(w.get_int64()));
    }
    return true;
}

bool take_values(json::object const& o, control_request& r)
{
    auto const* values = o.if_contains("values");
    auto const* multiple = o.if_contains("multiple");
    if (values == nullptr || !values->is_array() || multiple == nullptr || !multiple->is_bool())
        return false;
    r.multiple = multiple->get_bool();
    return take_words(values->get_array(), r.values) && r.values.size() <= modbus::written_registers_max;
}

bool can_be_written(control_request const& r)
{
    auto const is_bit = [](std::uint16_t v) { return v <= 1; };
    if (r.at.from == modbus::table::coils)
        return std::all_of(r.values.begin(), r.values.end(), is_bit);
    return r.at.from == modbus::table::holding_registers;
}

bool take_arguments(json::object const& o, control_request& r)
{
    if (r.what == verb::hello)
        return true;
    if (r.what == verb::link) {
        auto const index = number(o, "index", 0, control_links_max - 1);
        r.index = static_cast<std::size_t>(index.value_or(0));
        return index.has_value();
    }
    auto const link = text(o, "link");
    if (!link)
        return false;
    r.link = *link;
    if (r.what == verb::lease) {
        auto const seconds = number(o, "seconds", 1, lease_max.count());
        r.lease = std::chrono::seconds{seconds.value_or(0)};
        return seconds.has_value();
    }
    if (r.what == verb::release)
        return true;
    return (r.what == verb::read || take_values(o, r)) && take_place(o, r) &&
           (r.what == verb::read || can_be_written(r));
}

} // namespace

std::string to_line(control_request const& r)
{
    json::object o{{"v", control_version}, {"op", verbs[static_cast<std::size_t>(r.what)]}};
    if (r.what == verb::link)
        o["index"] = r.index;
    else if (r.what != verb::hello)
        o["link"] = r.link.substr(0, text_max);
    if (r.what == verb::read || r.what == verb::write) {
        o["unit"] = r.at.unit;
        o["table"] = static_cast<int>(r.at.from);
        o["address"] = r.at.address;
    }
    if (r.what == verb::read)
        o["count"] = r.at.count;
    if (r.what == verb::write) {
        o["values"] = json::array(r.values.begin(), r.values.end());
        o["multiple"] = r.multiple;
    }
    if (r.what == verb::lease)
        o["seconds"] = r.lease.count();
    return json::serialize(o) + "\n";
}

std::string to_line(control_reply const& r)
{
    json::object o{{"v", control_version}};
    if (!r.error.empty())
        o["error"] = r.error.substr(0, text_max);
    if (r.modbus)
        o["modbus"] = *r.modbus;
    if (r.site)
        o["site"] = r.site->substr(0, text_max);
    if (r.links)
        o["links"] = *r.links;
    if (r.link)
        o["link"] = r.link->substr(0, text_max);
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
    auto const op = text(*o, "op").value_or("");
    auto const found = std::find(verbs.begin(), verbs.end(), op);
    control_request r;
    if (found != verbs.end()) {
        r.what = static_cast<verb>(found - verbs.begin());
        if (take_arguments(*o, r))
            return r;
    }
    why = found == verbs.end() ? fmt::format("the operation is none of {}", fmt::join(verbs, ", "))
                               : fmt::format("an argument of '{}' is missing or out of range", op);
    return std::nullopt;
}

std::optional<control_reply> parse_reply(std::string_view line, std::string& why)
{
    auto const o = object_of(line, why);
    if (!o)
        return std::nullopt;
    control_reply r;
    r.error = text(*o, "error").value_or("");
    if (auto const e = number(*o, "modbus", 1, 1'000))
        r.modbus = static_cast<int>(*e);
    r.site = text(*o, "site");
    if (auto const n = number(*o, "links", 0, control_links_max))
        r.links = static_cast<std::size_t>(*n);
    r.link = text(*o, "link");
    if (auto const s = number(*o, "leased", 0, lease_max.count()))
        r.leased = std::chrono::seconds{*s};
    auto const* words = o->if_contains("words");
    if (words != nullptr && (!words->is_array() || !take_words(words->get_array(), r.words))) {
        why = "the words are no registers";
        return std::nullopt;
    }
    return r;
}

} // namespace kilnwatt::control
