#pragma once

#include "agent/energy/plant_model.hpp"
#include "agent/entries/entry_book.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::control {

/// The targets of a plant whose base is "imported", made from what the journal holds of it and what is entered later.
/// base_source says from what, or why a target has none. One thread at a time.
class entered_bases {
public:
    /// Reads the journal at `path`, only when there is such a target.
    entered_bases(energy::plant_model plant, std::string const& path);

    std::vector<energy::target_model> const& targets() const { return targets_; }

    /// All targets, after rows of stream entry; nothing when they change none.
    std::optional<std::vector<energy::target_model>> take(std::vector<row> const& entries);

private:
    energy::plant_model plant_; ///< its targets have no bases
    entries::entry_book typed_;
    std::vector<energy::target_model> targets_;
};

} // namespace kilnwatt::control
