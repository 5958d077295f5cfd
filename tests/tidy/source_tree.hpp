#pragma once

#include <string>
#include <vector>

namespace tidy {

struct source_file {
    std::string path; ///< relative to the repository
    std::string room; ///< "core", "protocols/modbus", "agent/poll", ...; "agent" for agent/main.cpp
    std::string text;
    std::vector<std::string> lines;
};

/// Every .cpp and .hpp of the rooms, tests and bench not included.
std::vector<source_file> const& sources();

/// The same for tests, bench and scripts too: for rules that hold everywhere.
std::vector<source_file> const& everything();

/// "path:line" of a position in a file's text.
std::string place(source_file const& file, std::size_t offset);

} // namespace tidy
