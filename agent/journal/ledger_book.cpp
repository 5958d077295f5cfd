#include "agent/journal/ledger_book.hpp"

#include <utility>

namespace kilnwatt::journal {

bool in_ledger(stream s) noexcept
{
    return s == stream::readings || s == stream::event;
}

std::uint64_t stored_of(stream_seqs const& seqs) noexcept
{
    return seqs[static_cast<std::size_t>(stream::readings)] + seqs[static_cast<std::size_t>(stream::event)];
}

void ledger_book::load(std::string const& device, std::uint64_t stored, std::uint64_t unstored, std::uint64_t dropped)
{
    std::lock_guard const lock{mutex_};
    entries_[device] = {stored + unstored, stored, unstored, dropped};
}

void ledger_book::read(layout const& l)
{
    if (l.kind != stream::readings)
        return;
    std::lock_guard const lock{mutex_};
    ++entries_[l.device].read;
}

void ledger_book::refused(layout const& l)
{
    std::lock_guard const lock{mutex_};
    lose(l);
}

void ledger_book::lose(layout const& l)
{
    if (!in_ledger(l.kind))
        return;
    auto& entry = entries_[l.device];
    changed_[l.device] = ++entry.unstored;
    if (l.kind == stream::event)
        ++entry.read;
}

void ledger_book::stored(batch const& committed)
{
    std::lock_guard const lock{mutex_};
    for (auto const& r : committed) {
        if (!in_ledger(r.kind()))
            continue;
        auto& entry = entries_[r.device()];
        ++entry.stored;
        if (r.kind() == stream::event)
            ++entry.read;
    }
}

void ledger_book::unstored(batch const& lost, std::size_t kept_events)
{
    std::lock_guard const lock{mutex_};
    for (auto r = lost.rbegin(); r != lost.rend(); ++r) {
        if (r->kind() == stream::event && kept_events > 0)
            --kept_events;
        else
            lose(*r->data.layout);
    }
}

void ledger_book::dropped(std::vector<dropped_range> const& ranges)
{
    std::lock_guard const lock{mutex_};
    for (auto const& r : ranges)
        if (in_ledger(r.kind))
            entries_[r.device].dropped += r.last_seq - r.first_seq + 1;
}

std::map<std::string, ledger_entry> ledger_book::entries() const
{
    std::lock_guard const lock{mutex_};
    return entries_;
}

std::map<std::string, std::uint64_t> ledger_book::take_unstored()
{
    std::lock_guard const lock{mutex_};
    return std::exchange(changed_, {});
}

void ledger_book::give_back(std::map<std::string, std::uint64_t> const& totals)
{
    std::lock_guard const lock{mutex_};
    changed_.insert(totals.begin(), totals.end()); // a newer total stays
}

} // namespace kilnwatt::journal
