#pragma once

#include "config/table.hpp"
#include "drivers/profile.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace kilnwatt::drivers::sunspec {

/// One SunSpec model, or several with the same registers. Addresses of its points count from the model's id register.
struct model {
    std::vector<std::uint16_t> ids;
    std::uint16_t length = 0;              ///< registers after the length register, without the repeating group
    std::vector<std::uint16_t> supersedes; ///< models that say the same in a poorer way
    std::uint16_t group_length = 0;        ///< registers of one repeating group; 0 = none
    std::uint16_t count_at = 0;            ///< register that holds the number of groups
    std::uint16_t exact_from = 0xFFFF;     ///< from here on points stand where they do only at exactly this length
    std::vector<point> points;             ///< those from address length + 2 on belong to group 1

    bool is_of_group(point const& p) const { return p.address >= length + 2; }
};

/// Reads a table of models; mistakes go to the document's defects. Points get the "not implemented" value of their type
/// as sentinel, accumulators none (their 0 is quality initial).
std::vector<model> read_models(config::document& doc);

/// config/sunspec/models.toml as it was when the program was built.
std::string_view models_text() noexcept;

/// The models of models_text(), in order of preference. Read once; safe from any thread.
std::vector<model> const& models();

/// Null for a model we do not know.
model const* model_of(std::uint16_t id);

} // namespace kilnwatt::drivers::sunspec
