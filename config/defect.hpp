#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace kilnwatt::config {

/// A place in a configuration file; line and column count from 1, 0 = the whole file.
struct place {
    std::string file;
    int line = 0;
    int column = 0;

    friend bool operator==(place const&, place const&) = default;
};

/// One mistake in a configuration, with what to write instead.
struct defect {
    place at;
    std::string key;     ///< dotted path, for example "device[2].profile"; "" when it concerns the file
    std::string message; ///< what is wrong, a sentence without full stop
    std::string remedy;  ///< what to write instead; "" when the message says it already

    friend bool operator==(defect const&, defect const&) = default;
};

using defects = std::vector<defect>;

/// After so many mistakes one line says that there are more.
inline constexpr std::size_t defects_max = 1000;

/// Adds a mistake unless the list is full. Every mistake is added by this.
void note(defects& found, defect d);

/// By file, line and column; what was found at one place stays in the order of finding.
void sort_by_place(defects& found);

/// "site.toml:12:9", or "site.toml" for the whole file.
std::string to_string(place const& p);

/// "site.toml:12:9: device[2].profile: there is no profile 'sdm63': did you mean 'eastron_sdm630'?"
std::string to_string(defect const& d);

} // namespace kilnwatt::config
