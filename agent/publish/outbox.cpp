#include "agent/publish/outbox.hpp"

#include "agent/journal/ledger_book.hpp"

namespace kilnwatt::publish {

void outbox::committed(batch_ptr const& b, bool live)
{
    lanes_.committed(b, live);
}

void outbox::delivered(lane_item const& item, moment)
{
    lanes_.acknowledged(item);
    count_acknowledged(item.what().kind(), item.what().device());
}

void outbox::count_published(lane_item const& item)
{
    auto const count = [&](device_counts& c) {
        ++c.published;
        c.resent += item.again ? 1 : 0;
    };
    count(totals_);
    auto const& r = item.what();
    if (r.kind() == stream::readings)
        count(devices_[r.device()]);
    if (journal::in_ledger(r.kind()))
        ++ledger_.devices[r.device()].sent;
}

void outbox::count_acknowledged(stream kind, std::string const& device, std::uint64_t records)
{
    totals_.acknowledged += records;
    if (kind == stream::readings)
        devices_[device].acknowledged += records;
    if (journal::in_ledger(kind))
        ledger_.devices[device].confirmed += records;
}

} // namespace kilnwatt::publish
