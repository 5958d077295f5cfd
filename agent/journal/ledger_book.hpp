#pragma once

#include "agent/journal/file_index.hpp"
#include "agent/journal/journal.hpp"

#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace kilnwatt::journal {

/// What the ledger counts: readings, and under the plant's own name ("site") its events.
bool in_ledger(stream s) noexcept;

/// Records of one device that were ever stored, as the ledger counts them.
std::uint64_t stored_of(stream_seqs const& seqs) noexcept;

/// The counts per device. Safe from any thread. Readings that wait for their commit are read, and not yet stored or
/// unstored; an event is read once it is one of both.
class ledger_book {
public:
    /// What the file says, before anything else.
    void load(std::string const& device, std::uint64_t stored, std::uint64_t unstored, std::uint64_t dropped);

    void read(layout const& l);    ///< handed to the journal
    void refused(layout const& l); ///< read() before, and now unstored
    void stored(batch const& committed);
    /// The last `kept_events` of its events go with a later commit: nothing is lost with them.
    void unstored(batch const& lost, std::size_t kept_events);
    void dropped(std::vector<dropped_range> const& ranges);

    std::map<std::string, ledger_entry> entries() const;

    /// Totals of unstored that changed since they were taken last; given back when they could not be written.
    std::map<std::string, std::uint64_t> take_unstored();
    void give_back(std::map<std::string, std::uint64_t> const& totals);

private:
    void lose(layout const& l);

    mutable std::mutex mutex_;
    std::map<std::string, ledger_entry> entries_;
    std::map<std::string, std::uint64_t> changed_;
};

} // namespace kilnwatt::journal
