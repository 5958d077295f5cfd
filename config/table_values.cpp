// The typed getters of table.

#include "config/node.hpp"
#include "config/quantity.hpp"
#include "core/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace kilnwatt::config {
namespace {

using kind = table::node::kind;

/// " from 1 to 247", " of at least 0", "" - a bound at the type's own limit is none. `unit` follows the numbers.
template <class T>
std::string bounds(T min, T max, std::string_view unit = {})
{
    auto const space = unit.empty() ? "" : " ";
    auto const low = min > std::numeric_limits<T>::lowest();
    auto const high = max < std::numeric_limits<T>::max();
    if (low && high)
        return fmt::format(" from {} to {}{}{}", min, max, space, unit);
    if (low)
        return fmt::format(" of at least {}{}{}", min, space, unit);
    return high ? fmt::format(" of at most {}{}{}", max, space, unit) : std::string{};
}

std::string const* text_of(table::node const& n)
{
    return n.what == kind::text ? &std::get<std::string>(n.scalar) : nullptr;
}

/// "'a', 'b' or 'c'"
std::string list_words(std::vector<std::string_view> const& words)
{
    std::string all;
    for (std::size_t i = 0; i < words.size(); ++i)
        all += fmt::format("{}'{}'", i == 0 ? "" : i + 1 == words.size() ? " or " : ", ", words[i]);
    return all;
}

bool same_but_case(std::string_view a, std::string_view b)
{
    auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

/// A whole number, or a text "0x..." of up to 64 bits, taken as its bits.
std::optional<std::int64_t> exact_integer(table::node const& n)
{
    if (n.what == kind::whole)
        return std::get<std::int64_t>(n.scalar);
    auto const* text = text_of(n);
    if (text == nullptr || !text->starts_with("0x"))
        return std::nullopt;
    std::uint64_t bits = 0;
    auto const* last = text->data() + text->size();
    auto const [end, error] = std::from_chars(text->data() + 2, last, bits, 16);
    return error == std::errc{} && end == last ? std::optional{static_cast<std::int64_t>(bits)} : std::nullopt;
}

} // namespace

std::optional<std::string> table::text(std::string_view key)
{
    auto const* n = node_->ask(key);
    if (n == nullptr)
        return std::nullopt;
    if (auto const* text = text_of(*n))
        return *text;
    n->note(fmt::format("is {}, but must be a text in double quotes", show(*n)));
    return std::nullopt;
}

std::optional<std::string> table::hidden_text(std::string_view key)
{
    auto* n = node_->ask(key);
    if (n == nullptr)
        return std::nullopt;
    n->hidden = true;
    if (auto const* text = text_of(*n))
        return *text;
    n->note("must be a text in double quotes");
    return std::nullopt;
}

std::optional<bool> table::boolean(std::string_view key)
{
    auto const* n = node_->ask(key);
    if (n == nullptr)
        return std::nullopt;
    if (n->what == kind::boolean)
        return std::get<bool>(n->scalar);
    n->note(fmt::format("is {}, but must be true or false", show(*n)));
    return std::nullopt;
}

std::optional<std::string> table::text_or_switch(std::string_view key, std::string_view usual)
{
    auto const* n = node_->ask(key);
    if (n == nullptr)
        return std::nullopt;
    if (auto const* text = text_of(*n))
        return *text;
    if (n->what == kind::boolean)
        return std::get<bool>(n->scalar) ? std::string{usual} : std::string{};
    n->note(fmt::format("is {}, but must be true, false or a text in double quotes", show(*n)));
    return std::nullopt;
}

std::optional<std::int64_t> table::integer(std::string_view key, std::int64_t min, std::int64_t max)
{
    auto const* n = node_->ask(key);
    if (n == nullptr)
        return std::nullopt;
    if (n->what == kind::whole)
        if (auto const value = std::get<std::int64_t>(n->scalar); value >= min && value <= max)
            return value;
    n->note(fmt::format("is {}, but must be a whole number{}", show(*n), bounds(min, max)));
    return std::nullopt;
}

std::optional<double> table::number(std::string_view key, double min, double max)
{
    auto const* n = node_->ask(key);
    if (n == nullptr)
        return std::nullopt;
    std::optional<double> value;
    if (n->what == kind::whole)
        value = static_cast<double>(std::get<std::int64_t>(n->scalar));
    else if (n->what == kind::fraction)
        value = std::get<double>(n->scalar);
    if (value && std::isfinite(*value) && *value >= min && *value <= max)
        return value;
    n->note(fmt::format("is {}, but must be a number{}", show(*n), bounds(min, max)));
    return std::nullopt;
}

std::optional<std::chrono::milliseconds> table::duration(std::string_view key, std::chrono::milliseconds min,
                                                         std::chrono::milliseconds max)
{
    auto const* n = node_->ask(key);
    if (n == nullptr)
        return std::nullopt;
    if (auto const* text = text_of(*n))
        if (auto const value = parse_duration(*text); value && *value >= min && *value <= max)
            return value;
    n->note(fmt::format("is {}, but must be a time from {} to {} with its unit ms, s, min, h or d", show(*n),
                        show_duration(min), show_duration(max)));
    return std::nullopt;
}

std::optional<std::uint64_t> table::size(std::string_view key, std::uint64_t min, std::uint64_t max)
{
    auto const* n = node_->ask(key);
    if (n == nullptr)
        return std::nullopt;
    if (auto const* text = text_of(*n))
        if (auto const value = parse_size(*text); value && *value >= min && *value <= max)
            return value;
    n->note(fmt::format("is {}, but must be a size from {} to {} with its unit, for example \"8 GiB\" or \"500 MB\"",
                        show(*n), show_size(min), show_size(max)));
    return std::nullopt;
}

std::optional<double> table::quantity(std::string_view key,
                                      std::vector<std::pair<std::string_view, double>> const& units, double min,
                                      double max)
{
    auto const* n = node_->ask(key);
    if (n == nullptr)
        return std::nullopt;
    std::string remedy;
    auto const parts = text_of(*n) != nullptr ? split(*text_of(*n)) : std::nullopt;
    for (auto const& [unit, factor] : units) {
        if (!parts)
            break;
        auto const value = parts->number * factor;
        if (parts->unit == unit && value >= min && value <= max)
            return value;
        if (parts->unit != unit && same_but_case(parts->unit, unit))
            remedy = fmt::format("did you mean '{}'?", unit);
    }
    std::vector<std::string_view> names;
    for (auto const& [unit, factor] : units)
        names.push_back(unit);
    n->note(fmt::format("is {}, but must be a number{} with its unit {}", show(*n),
                        bounds(min, max, units.front().first), list_words(names)),
            remedy);
    return std::nullopt;
}

std::optional<std::string> table::choice(std::string_view key, std::vector<std::string_view> const& words)
{
    auto const* n = node_->ask(key);
    if (n == nullptr)
        return std::nullopt;
    std::string remedy;
    if (auto const* text = text_of(*n)) {
        if (std::find(words.begin(), words.end(), *text) != words.end())
            return *text;
        if (auto const similar = nearest(*text, words, 1); !similar.empty())
            remedy = fmt::format("did you mean '{}'?", similar.front());
    } else {
        remedy = "a text stands in double quotes";
    }
    n->note(fmt::format("is {}, but must be {}", show(*n), list_words(words)), remedy);
    return std::nullopt;
}

std::optional<std::vector<std::string>> table::texts(std::string_view key)
{
    auto const* n = node_->ask(key);
    if (n == nullptr)
        return std::nullopt;
    if (n->what != kind::list) {
        n->note(fmt::format("is {}, but must be a list of texts", show(*n)), fmt::format("write {} = [\"...\"]", key));
        return std::nullopt;
    }
    std::vector<std::string> all;
    for (auto const& item : n->children) {
        if (auto const* text = text_of(*item))
            all.push_back(*text);
        else
            item->note(fmt::format("is {}, but must be a text in double quotes", show(*item)));
    }
    return all.size() == n->children.size() ? std::optional{std::move(all)} : std::nullopt;
}

std::optional<std::vector<std::int64_t>> table::integers(std::string_view key)
{
    auto const* n = node_->ask(key);
    if (n == nullptr)
        return std::nullopt;
    std::vector<std::int64_t> all;
    auto const take = [&all](node const& item) {
        if (auto const value = exact_integer(item))
            all.push_back(*value);
        else
            item.note(fmt::format("is {}, but must be a whole number", show(item)));
    };
    if (n->what != kind::list) {
        take(*n);
        return all.empty() ? std::nullopt : std::optional{std::move(all)};
    }
    for (auto const& item : n->children)
        take(*item);
    return all.size() == n->children.size() ? std::optional{std::move(all)} : std::nullopt;
}

} // namespace kilnwatt::config
