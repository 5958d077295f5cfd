#include "agent/control/entered_bases.hpp"

#include "agent/journal/entry_rows.hpp"
#include "agent/report/entered_figures.hpp"

#include <algorithm>
#include <utility>

namespace kilnwatt::control {

entered_bases::entered_bases(energy::plant_model plant, std::string const& path)
    : plant_{std::move(plant)}, targets_{plant_.targets}
{
    if (std::none_of(targets_.begin(), targets_.end(), [](auto const& t) { return t.base_is_entered; }))
        return;
    std::string why;
    auto reader = journal::journal_reader::open(path, why);
    auto const read =
        reader.has_error() ? result<void>{reader.error()} : journal::for_each_entry(*reader, [&](row const& r) {
            if (auto e = entries::entry_of(r))
                typed_.add(std::move(*e));
        });
    report::take_entered_bases(targets_, typed_, plant_);
    for (auto& t : targets_)
        if (read.has_error() && t.base_is_entered)
            t.base_source = "the journal cannot be read: " + read.error().message();
}

std::optional<std::vector<energy::target_model>> entered_bases::take(std::vector<row> const& entries)
{
    if (std::none_of(targets_.begin(), targets_.end(), [](auto const& t) { return t.base_is_entered; }))
        return std::nullopt;
    for (auto const& r : entries)
        if (auto e = entries::entry_of(r))
            typed_.add(std::move(*e));
    auto const before = std::exchange(targets_, plant_.targets);
    report::take_entered_bases(targets_, typed_, plant_);
    auto const same = [](energy::target_model const& a, energy::target_model const& b) {
        return a.base == b.base && a.base_source == b.base_source;
    };
    if (std::equal(targets_.begin(), targets_.end(), before.begin(), before.end(), same))
        return std::nullopt;
    return targets_;
}

} // namespace kilnwatt::control
