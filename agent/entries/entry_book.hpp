#pragma once

#include "agent/entries/entry.hpp"
#include "config/defect.hpp"
#include "core/row.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace kilnwatt::entries {

/// A row of stream entry, and back; nothing for a row that is no entry.
row to_row(entry const& e);
std::optional<entry> entry_of(row const& r);

/// The newest revision of every item and period.
class entry_book {
public:
    void add(entry e);

    entry const* find(std::string const& item, std::string const& period) const;

    /// Entries of an item, oldest period first.
    std::vector<entry const*> of(std::string const& item) const;

    /// Entries of the period and of parts of it, by item.
    std::vector<entry const*> within(std::string const& period) const;

    /// What of `given` is new or says something else, with its revision. An item that has a year or a month already
    /// takes no day of it, and the other way round: what would count twice is noted.
    std::vector<entry> changes(std::vector<entry> const& given, std::string const& file, config::defects& found) const;

    /// An item over a period: its own entry, or the sum of the entries of all its months or days. Nothing unless all
    /// are there and have one unit.
    std::optional<entry> total(std::string const& item, std::string const& period) const;

private:
    std::map<std::pair<std::string, std::string>, entry> entries_;
};

} // namespace kilnwatt::entries
