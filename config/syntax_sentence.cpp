#include "config/syntax_sentence.hpp"

#include <fmt/format.h>

#include <array>

namespace kilnwatt::config {
namespace {

struct rule {
    std::string_view scope; ///< what was being parsed
    std::string_view fault; ///< part of the library's sentence
    std::string_view message;
    std::string_view remedy;
};

constexpr std::string_view quotes = "a text stands in double quotes, a number with a unit too: \"5 kW\"";

constexpr std::array rules{
    rule{"string", "control characters", "the text is not closed on its line",
         "close it with the quotes it began with"},
    rule{"string", "end-of-file", "the text is not closed", "close it with the quotes it began with"},
    rule{"string", "escape", "the text holds a backslash that means nothing",
         "write it twice, or put the text in single quotes"},
    rule{"value", "determine value type", "the value is not understood", quotes},
    rule{"boolean", "", "the value is not understood", "write true or false in small letters, a text in double quotes"},
    rule{"inf or nan", "", "the value is not understood", quotes},
    rule{"key-value pair", "expected '='", "a key is not followed by '=' and a value", ""},
    rule{"key-value pair", "expected value", "a key has no value", ""},
    rule{"key-value pair", "comment or whitespace", "something follows the value on its line", quotes},
    rule{"inline table", "saw '\\n'", "a table in { } ends on another line", "keep it on one line"},
    rule{"inline table", "dangling comma", "a table in { } ends with a comma", "take the last comma away"},
    rule{"array", "end-of-file", "a list is not closed", "close it with ]"},
    rule{"floating-point", "saw '.'", "a number begins with its point", "write a digit before it: 0.5"},
    rule{"integer", "leading zeroes", "a number begins with a zero", ""},
    rule{"", "utf-8", "is not UTF-8 text", "save it as UTF-8"},
};

/// "a" of "cannot redefine existing integer 'a' as table".
std::string_view quoted_name(std::string_view text)
{
    auto const first = text.find('\'');
    auto const last = text.find('\'', first + 1);
    return first == std::string_view::npos || last == std::string_view::npos ? std::string_view{}
                                                                             : text.substr(first + 1, last - first - 1);
}

} // namespace

sentence syntax_sentence(std::string_view description)
{
    constexpr std::string_view lead = "Error while parsing ";
    auto const led = description.starts_with(lead);
    auto const colon = led ? description.find(": ") : std::string_view::npos;
    auto const scope =
        colon == std::string_view::npos ? std::string_view{} : description.substr(lead.size(), colon - lead.size());
    auto const fault = colon == std::string_view::npos ? description : description.substr(colon + 2);

    if (fault.starts_with("cannot redefine existing"))
        return {fmt::format("'{}' is given twice", quoted_name(fault)), "keep one of the two"};
    for (auto const& r : rules)
        if (scope.ends_with(r.scope) && fault.find(r.fault) != std::string_view::npos)
            return {std::string{r.message}, std::string{r.remedy}};
    return {fmt::format("is not valid TOML{}{}: {}", scope.empty() ? "" : ", in ", scope, fault), ""};
}

} // namespace kilnwatt::config
