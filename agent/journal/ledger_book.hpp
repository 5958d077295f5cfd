#pragma once

#include "agent/journal/journal.hpp"

#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace kilnwatt::journal {

/// The counts per device. Safe from any thread. Rows that wait for their commit are read, and not yet stored or
/// unstored.
class ledger_book {
public:
    /// What the file says, before anything else.
    void load(std::string const& device, std::uint64_t stored, std::uint64_t unstored, std::uint64_t dropped);

    void read(std::string const& device);
    void refused(std::string const& device); ///< read() before, and now unstored
    void stored(batch const& committed);
    void unstored(batch const& lost);
    void dropped(std::vector<dropped_range> const& ranges); ///< readings count

    std::map<std::string, ledger_entry> entries() const;

    /// Totals of unstored that changed since they were taken last; given back when they could not be written.
    std::map<std::string, std::uint64_t> take_unstored();
    void give_back(std::map<std::string, std::uint64_t> const& totals);

private:
    mutable std::mutex mutex_;
    std::map<std::string, ledger_entry> entries_;
    std::map<std::string, std::uint64_t> changed_;
};

} // namespace kilnwatt::journal
