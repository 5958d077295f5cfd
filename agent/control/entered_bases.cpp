#include "agent/control/entered_bases.hpp"

#include "agent/journal/entry_rows.hpp"
#include "agent/report/entered_figures.hpp"

#include <algorithm>

namespace kilnwatt::control {

void read_entered_bases(energy::plant_model& model, std::string const& path)
{
    auto& targets = model.targets;
    if (std::none_of(targets.begin(), targets.end(), [](auto const& t) { return t.base_is_entered; }))
        return;
    entries::entry_book typed;
    std::string why;
    auto reader = journal::journal_reader::open(path, why);
    auto const read =
        reader.has_error() ? result<void>{reader.error()} : journal::for_each_entry(*reader, [&](row const& r) {
            if (auto e = entries::entry_of(r))
                typed.add(std::move(*e));
        });
    report::take_entered_bases(targets, typed, model);
    for (auto& t : targets)
        if (read.has_error() && t.base_is_entered)
            t.base_source = "the journal cannot be read: " + read.error().message();
}

} // namespace kilnwatt::control
