#include "agent/cli/sink_status.hpp"

#include "agent/journal/ledger_book.hpp"
#include "agent/publish/saved_cursor.hpp"
#include "core/aggregate_columns.hpp"

#include <algorithm>

namespace kilnwatt::cli {
namespace {

/// Positions that a sink has not confirmed, those behind its cursor too.
publish::position_set waiting_of(std::optional<publish::saved_cursor> const& saved, journal::journal_status const& s)
{
    auto where = saved ? saved->where : publish::cursor{s.oldest};
    where.extend(s.head);
    return where.unconfirmed();
}

std::uint64_t rest_of(std::uint64_t whole, std::uint64_t part)
{
    return whole - std::min(whole, part);
}

void close_ledger(sink_status& sink, publish::sink_ledger const& ledger, journal::journal_status const& s)
{
    for (auto const& [device, e] : ledger.devices) {
        sink.devices[device].sent = e.sent;
        sink.devices[device].confirmed = e.confirmed;
    }
    for (auto const& [device, l] : s.ledger) {
        auto const kind = device == aggregate::site ? stream::event : stream::readings;
        if (!publish::has(ledger.streams, kind)) {
            sink.devices.erase(device);
            continue;
        }
        auto& d = sink.devices[device];
        if (ledger.whole)
            d.dropped = rest_of(l.stored, d.confirmed + d.waiting);
    }
}

} // namespace

result<std::map<std::string, sink_status>> sinks_of(journal::journal_reader& reader, journal::journal_status const& s,
                                                    journal::journal_reader::progress const& report)
{
    std::map<std::string, sink_status> all;
    for (auto const& [name, c] : s.cursors) {
        auto const saved = publish::saved_cursor::parse(c.bytes);
        auto& sink = all[name];
        sink.unconfirmed = c.unconfirmed;
        auto const waiting = waiting_of(saved, s);
        if (!waiting.empty()) {
            auto const count = [&](record const& r) {
                if (waiting.contains(r.pos))
                    ++sink.devices[r.device()].waiting;
                return true;
            };
            journal::record_filter const held{
                .positions = {waiting.ranges().front().first, waiting.ranges().back().last},
                .streams = {stream::readings, stream::event}};
            if (auto const damaged = reader.for_each_record(held, count, report); damaged.has_error())
                return damaged.error();
        }
        close_ledger(
            sink, saved && saved->ledger ? *saved->ledger : publish::sink_ledger{false, ~publish::stream_set{}, {}}, s);
    }
    return all;
}

} // namespace kilnwatt::cli
