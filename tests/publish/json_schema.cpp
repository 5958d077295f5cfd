#include "tests/publish/json_schema.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <regex>
#include <set>
#include <string_view>

namespace kilnwatt::publish::test {
namespace {

namespace json = boost::json;

bool has_type(json::value const& v, std::string_view type)
{
    bool const integer = v.is_int64() || v.is_uint64();
    return (type == "object" && v.is_object()) || (type == "array" && v.is_array()) ||
           (type == "string" && v.is_string()) || (type == "boolean" && v.is_bool()) ||
           (type == "null" && v.is_null()) || (type == "integer" && integer) || (type == "number" && v.is_number());
}

bool has_one_type(json::value const& v, json::value const& types)
{
    if (types.is_string())
        return has_type(v, std::string_view{types.as_string()});
    return std::any_of(types.as_array().begin(), types.as_array().end(),
                       [&](auto const& t) { return has_type(v, std::string_view{t.as_string()}); });
}

bool contains(json::array const& a, json::value const& v)
{
    return std::find(a.begin(), a.end(), v) != a.end();
}

/// Keywords that look at the value itself.
bool holds(std::string_view keyword, json::value const& wanted, json::value const& v)
{
    if (keyword == "type")
        return has_one_type(v, wanted);
    if (keyword == "const")
        return v == wanted;
    if (keyword == "enum")
        return contains(wanted.as_array(), v);
    if (keyword == "minimum")
        return !v.is_number() || v.to_number<double>() >= wanted.to_number<double>();
    if (keyword == "maximum")
        return !v.is_number() || v.to_number<double>() <= wanted.to_number<double>();
    if (keyword == "minLength")
        return !v.is_string() || v.as_string().size() >= wanted.to_number<std::size_t>();
    if (keyword == "pattern")
        return !v.is_string() || std::regex_search(v.as_string().c_str(), std::regex{wanted.as_string().c_str()});
    if (keyword == "minProperties")
        return !v.is_object() || v.as_object().size() >= wanted.to_number<std::size_t>();
    if (keyword == "required")
        return !v.is_object() || std::all_of(wanted.as_array().begin(), wanted.as_array().end(),
                                             [&](auto const& key) { return v.as_object().contains(key.as_string()); });
    static std::set<std::string_view> const structure{"$schema",    "title", "description",
                                                      "properties", "items", "additionalProperties"};
    return structure.count(keyword) == 1;
}

std::string first_finding_below(json::object const& schema, json::value const& v, std::string const& path)
{
    std::string finding;
    auto const look = [&](json::value const& s, json::value const& part, std::string const& name) {
        if (finding.empty())
            finding = json_schema_finding(s, part, path + "." + name);
    };
    if (auto const* items = schema.if_contains("items"); items && v.is_array())
        for (auto const& item : v.as_array())
            look(*items, item, "[]");
    if (!v.is_object())
        return finding;
    auto const* properties = schema.if_contains("properties");
    auto const* others = schema.if_contains("additionalProperties");
    for (auto const& member : v.as_object()) {
        std::string const name{member.key()};
        auto const* own = properties ? properties->as_object().if_contains(name) : nullptr;
        if (own)
            look(*own, member.value(), name);
        else if (others)
            look(*others, member.value(), name);
    }
    return finding;
}

} // namespace

std::string json_schema_finding(json::value const& schema, json::value const& value, std::string const& path)
{
    for (auto const& rule : schema.as_object())
        if (!holds(std::string_view{rule.key()}, rule.value(), value))
            return path + ": " + std::string{rule.key()} + " " + json::serialize(rule.value());
    return first_finding_below(schema.as_object(), value, path);
}

} // namespace kilnwatt::publish::test
