#include "agent/publish/cursor.hpp"

#include <fmt/format.h>

#include <charconv>

namespace kilnwatt::publish {
namespace {

constexpr std::string_view tag = "c1";

/// Takes `lead` and then a number off the front of `text`.
std::optional<position> take_number(std::string_view& text, char lead)
{
    if (text.empty() || text.front() != lead)
        return std::nullopt;
    position number = 0;
    auto const [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
    if (error != std::errc{})
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

} // namespace

void cursor::extend(position head)
{
    if (head <= head_)
        return;
    unconfirmed_.add({head_, head});
    unconfirmed_.coarsen(ranges_max);
    head_ = head;
}

void cursor::confirm(position_range r)
{
    unconfirmed_.remove(r);
    unconfirmed_.coarsen(ranges_max);
}

position cursor::lowest() const
{
    return unconfirmed_.empty() ? head_ : unconfirmed_.ranges().front().first;
}

std::string cursor::text() const
{
    auto out = fmt::format("{} {}", tag, head_);
    for (auto const& r : unconfirmed_.ranges())
        fmt::format_to(std::back_inserter(out), " {}-{}", r.first, r.last);
    return out;
}

std::optional<cursor> cursor::parse(std::string_view text)
{
    auto rest = text;
    if (!rest.starts_with(tag))
        return std::nullopt;
    rest.remove_prefix(tag.size());
    auto const head = take_number(rest, ' ');
    if (!head)
        return std::nullopt;
    cursor parsed{*head};
    for (std::size_t n = 0; !rest.empty(); ++n) {
        auto const first = take_number(rest, ' ');
        auto const last = first ? take_number(rest, '-') : std::nullopt;
        if (!last || *last > *head || n == ranges_max)
            return std::nullopt;
        parsed.unconfirmed_.add({*first, *last});
    }
    // Whatever is not written the one way (leading zeros, order, empty or touching ranges) does not come out the same.
    return parsed.text() == text ? std::optional{std::move(parsed)} : std::nullopt;
}

} // namespace kilnwatt::publish
