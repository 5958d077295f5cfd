#include "agent/cli/toml_text.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace kilnwatt::cli {
namespace {

namespace json = boost::json;

bool is_bare(std::string_view key)
{
    return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

/// JSON's escapes are TOML's, but for DEL, which TOML has no bare form of.
std::string quoted(std::string_view text)
{
    auto out = json::serialize(json::string{text});
    for (auto at = out.find('\x7f'); at != std::string::npos; at = out.find('\x7f', at))
        out.replace(at, 1, "\\u007f");
    return out;
}

std::string key_text(std::string_view key)
{
    return is_bare(key) ? std::string{key} : quoted(key);
}

std::string inline_text(json::value const& v)
{
    std::string out;
    if (auto const* list = v.if_array()) {
        for (auto const& item : *list)
            out += (out.empty() ? "" : ", ") + inline_text(item);
        return '[' + out + ']';
    }
    if (auto const* table = v.if_object()) {
        for (auto const& [key, item] : *table)
            if (!item.is_null())
                out += (out.empty() ? "" : ", ") + key_text(key) + " = " + inline_text(item);
        return '{' + out + '}';
    }
    if (auto const* text = v.if_string())
        return quoted(*text);
    if (auto const* number = v.if_double()) {
        out = fmt::format("{}", *number);
        return out.find_first_of(".e") == std::string::npos ? out + ".0" : out;
    }
    return json::serialize(v);
}

bool is_list_of_tables(json::value const& v)
{
    auto const* list = v.if_array();
    return list && !list->empty() &&
           std::all_of(list->begin(), list->end(), [](auto const& i) { return i.is_object(); });
}

/// Lists of tables that are too long for a line stand one a line.
std::string item_text(json::value const& v)
{
    constexpr std::size_t line_max = 100;
    auto out = inline_text(v);
    if (out.size() <= line_max || !is_list_of_tables(v))
        return out;
    out = "[\n";
    for (auto const& item : v.get_array())
        out += "  " + inline_text(item) + ",\n";
    return out + ']';
}

void write_table(std::string& out, std::string const& heading, json::object const& t)
{
    out += '\n' + heading + '\n';
    std::size_t width = 0;
    for (auto const& [key, item] : t)
        width = std::max(width, key_text(key).size());
    for (auto const& [key, item] : t)
        if (!item.is_null())
            out += fmt::format("{:{}} = {}\n", key_text(key), width, item_text(item));
}

} // namespace

std::string toml_text(json::object const& document)
{
    std::string out;
    for (auto const& [key, item] : document)
        if (!item.is_object() && !is_list_of_tables(item) && !item.is_null())
            out += key_text(key) + " = " + item_text(item) + '\n';
    for (auto const& [key, item] : document) {
        if (auto const* table = item.if_object())
            write_table(out, '[' + key_text(key) + ']', *table);
        else if (is_list_of_tables(item))
            for (auto const& one : item.get_array())
                write_table(out, "[[" + key_text(key) + "]]", one.get_object());
    }
    return out;
}

} // namespace kilnwatt::cli
