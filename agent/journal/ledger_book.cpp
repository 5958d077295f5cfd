#include "agent/journal/ledger_book.hpp"

#include <utility>

namespace kilnwatt::journal {

void ledger_book::load(std::string const& device, std::uint64_t stored, std::uint64_t unstored, std::uint64_t dropped)
{
    std::lock_guard const lock{mutex_};
    entries_[device] = {stored + unstored, stored, unstored, dropped};
}

void ledger_book::read(std::string const& device)
{
    std::lock_guard const lock{mutex_};
    ++entries_[device].read;
}

void ledger_book::refused(std::string const& device)
{
    std::lock_guard const lock{mutex_};
    changed_[device] = ++entries_[device].unstored;
}

void ledger_book::stored(batch const& committed)
{
    std::lock_guard const lock{mutex_};
    for (auto const& r : committed)
        if (r.kind() == stream::readings)
            ++entries_[r.device()].stored;
}

void ledger_book::unstored(batch const& lost)
{
    std::lock_guard const lock{mutex_};
    for (auto const& r : lost)
        if (r.kind() == stream::readings)
            changed_[r.device()] = ++entries_[r.device()].unstored;
}

void ledger_book::dropped(std::vector<dropped_range> const& ranges)
{
    std::lock_guard const lock{mutex_};
    for (auto const& r : ranges)
        if (r.kind == stream::readings)
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
