#pragma once

#include "agent/journal/sqlite.hpp"
#include "core/layout.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace kilnwatt::journal {

/// The JSON text that is a layout's identity in the file: equal layouts give equal text.
/// A scale or offset that is no finite number is written as null and read back as 0.
std::string layout_body(layout const& l);

/// Layouts of one file by number, loaded when first asked for. Throws sqlite_error.
class layout_table {
public:
    explicit layout_table(database& db) : db_{db} {}

    /// Null when the file has no such layout or its text is damaged.
    layout_ptr find(std::uint32_t id);

    struct entry {
        std::uint32_t id = 0;
        layout_ptr layout; ///< the one object that stands for this content
    };

    /// Number of a layout, written now (inside the caller's transaction) if its content is new.
    entry intern(layout_ptr const& l);

    /// The caller's transaction was rolled back: forget what it added.
    void rolled_back();
    void committed() { added_.clear(); }

private:
    layout_ptr load(std::uint32_t id);

    database& db_;
    std::unordered_map<std::uint32_t, layout_ptr> by_id_;
    std::unordered_map<std::string, std::uint32_t> id_of_body_;
    std::vector<std::string> added_; ///< bodies since the last commit
};

} // namespace kilnwatt::journal
