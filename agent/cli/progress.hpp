#pragma once

#include "agent/cli/streams.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace kilnwatt::cli {

/// A bar on the terminal's error stream; nothing in a pipe. Erased when it goes.
class progress {
public:
    progress(streams io, std::size_t total) : io_{io}, total_{total} {}
    ~progress();
    progress(progress const&) = delete;
    progress& operator=(progress const&) = delete;

    /// `note` stands behind the bar, for example what was found so far.
    void show(std::size_t done, std::string_view note);

private:
    streams io_;
    std::size_t total_;
    bool drawn_ = false;
};

/// "[#####.....]  50 %": the bar alone.
std::string bar_of(std::size_t done, std::size_t total, std::size_t width = 30);

} // namespace kilnwatt::cli
