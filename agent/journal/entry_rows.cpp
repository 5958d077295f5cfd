#include "agent/journal/entry_rows.hpp"

namespace kilnwatt::journal {

result<void> for_each_entry(journal_reader& reader, std::function<void(row const&)> const& each)
{
    auto const waiting = reader.inbox(); // first, so that no row slips through
    if (waiting.has_error())
        return waiting.error();
    record_filter wanted;
    wanted.streams = {stream::entry};
    auto const damaged = reader.for_each_record(wanted, [&](record const& r) {
        each(r.data);
        return true;
    });
    if (damaged.has_error())
        return damaged.error();
    for (auto const& r : *waiting)
        each(r);
    return {};
}

} // namespace kilnwatt::journal
