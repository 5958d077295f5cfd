#include "agent/publish/saved_cursor.hpp"

#include <utility>

namespace kilnwatt::publish {

std::string saved_cursor::text() const
{
    auto out = where.text();
    if (!memory.empty() || ledger)
        out += '\n' + memory;
    if (ledger)
        out += '\n' + ledger->text();
    return out;
}

std::optional<saved_cursor> saved_cursor::parse(std::string_view text)
{
    auto const first_end = std::min(text.find('\n'), text.size());
    auto where = cursor::parse(text.substr(0, first_end));
    if (!where)
        return std::nullopt;
    saved_cursor parsed{*std::move(where), {}, std::nullopt};
    if (first_end == text.size())
        return parsed;
    text.remove_prefix(first_end + 1);
    auto const second_end = std::min(text.find('\n'), text.size());
    parsed.memory = text.substr(0, second_end);
    if (second_end < text.size())
        parsed.ledger = sink_ledger::parse(text.substr(second_end + 1));
    return parsed;
}

} // namespace kilnwatt::publish
