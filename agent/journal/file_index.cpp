#include "agent/journal/file_index.hpp"

#include <algorithm>

namespace kilnwatt::journal {

void file_index::refresh()
{
    segments.load(db);
    clocks = {};
    auto boots = db.prepare("SELECT id, machine, machine_ms FROM boot WHERE machine <> ''");
    while (boots.step())
        clocks.belongs(static_cast<std::uint32_t>(boots.integer(0)),
                       {boots.text(1), milliseconds{boots.integer(2)}});
    auto rows = db.prepare("SELECT first, boot, utc_offset, trusted FROM clock ORDER BY first");
    while (rows.step())
        clocks.add({static_cast<position>(rows.integer(0)), static_cast<std::uint32_t>(rows.integer(1)),
                    rows.integer(2), rows.integer(3) != 0});
}

bool file_index::load()
{
    refresh();
    auto const counted = static_cast<position>(db.integer("SELECT value FROM meta WHERE key = 'counted'"));
    head = std::max({position{1}, segments.head(), counted});

    seqs.clear();
    auto sequence = db.prepare("SELECT device, stream, seq FROM sequence");
    while (sequence.step())
        if (auto const s = sequence.integer(1); s >= 0 && s < stream_count)
            seqs[sequence.text(0)][static_cast<std::size_t>(s)] = static_cast<std::uint64_t>(sequence.integer(2));

    counts.clear();
    auto ledger = db.prepare("SELECT device, unstored, dropped FROM ledger");
    while (ledger.step())
        counts[ledger.text(0)] = {static_cast<std::uint64_t>(ledger.integer(1)),
                                  static_cast<std::uint64_t>(ledger.integer(2))};
    return roll_forward(counted);
}

bool file_index::roll_forward(position from)
{
    record_reader reader{view()};
    reader.seek(from);
    record r;
    while (reader.next(r)) {
        seqs[r.device()][static_cast<std::size_t>(r.kind())] = r.seq;
        if (auto& newest = segments.of(r.kind()).back(); r.pos >= newest.range.first)
            newest.note(r.data.time.utc, clocks.at(r.pos).trusted);
    }
    return reader.damaged().empty();
}

} // namespace kilnwatt::journal
