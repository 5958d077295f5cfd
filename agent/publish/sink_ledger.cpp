#include "agent/publish/sink_ledger.hpp"

#include "agent/journal/ledger_book.hpp"

#include <fmt/format.h>

#include <charconv>
#include <iterator>

namespace kilnwatt::publish {
namespace {

constexpr std::string_view whole_head = "l1 whole ";
constexpr std::string_view part_head = "l1 part ";

std::string_view take_until(std::string_view& text, char end)
{
    auto const at = std::min(text.find(end), text.size());
    auto const word = text.substr(0, at);
    text.remove_prefix(std::min(at + 1, text.size()));
    return word;
}

std::optional<std::uint64_t> number_of(std::string_view word)
{
    std::uint64_t number = 0;
    auto const [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    return error == std::errc{} && end == word.data() + word.size() ? std::optional{number} : std::nullopt;
}

} // namespace

stream_set ledger_streams(stream_set published)
{
    stream_set counted;
    for (int s = 0; s < stream_count; ++s)
        counted.set(static_cast<std::size_t>(s), journal::in_ledger(static_cast<stream>(s)));
    return published & counted;
}

std::string sink_ledger::text() const
{
    auto out = fmt::format("{}{}", whole ? whole_head : part_head, streams.to_ulong());
    for (auto const& [device, e] : devices)
        fmt::format_to(std::back_inserter(out), "\n{} {} {}", device, e.sent, e.confirmed);
    return out;
}

std::optional<sink_ledger> sink_ledger::parse(std::string_view text)
{
    auto rest = text;
    sink_ledger parsed;
    parsed.whole = rest.starts_with(whole_head);
    if (!parsed.whole && !rest.starts_with(part_head))
        return std::nullopt;
    rest.remove_prefix((parsed.whole ? whole_head : part_head).size());
    auto const streams = number_of(take_until(rest, '\n'));
    if (!streams || *streams >= (1ull << stream_count))
        return std::nullopt;
    parsed.streams = stream_set{*streams};
    while (!rest.empty()) {
        auto line = take_until(rest, '\n');
        auto const device = take_until(line, ' ');
        auto const sent = number_of(take_until(line, ' '));
        auto const confirmed = number_of(line);
        if (!sent || !confirmed || parsed.devices.size() == devices_max)
            return std::nullopt;
        parsed.devices.try_emplace(std::string{device}, sink_ledger_entry{*sent, *confirmed});
    }
    // Whatever is not written the one way (order, leading zeros, a device twice) does not come out the same.
    return parsed.text() == text ? std::optional{std::move(parsed)} : std::nullopt;
}

} // namespace kilnwatt::publish
