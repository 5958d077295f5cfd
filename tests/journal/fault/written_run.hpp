#pragma once

#include "tests/journal/fault/writer/note.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace journal_test {

/// What a writing process had said when kill -9 ended it.
struct written_run {
    std::vector<std::int64_t> appended_us; ///< when row 0, 1, ... was handed to its journal
    std::int64_t committed = 0;            ///< rows 0 up to this (not included) were said to be committed
    std::int64_t commits = 0;
    std::int64_t killed_us = 0; ///< just after the kill
    int exit_code = -1;         ///< 128 + 9 = killed; else it ended by itself, and `log` says why
};

/// Runs the writing process beside this program on `path` and kills it `lives` after it was started. It numbers its
/// rows with `run`; what it prints goes to the file `log`. Throws when it cannot be started.
written_run write_and_kill(std::string const& path, std::chrono::milliseconds commit, int run,
                           std::chrono::microseconds lives, std::string const& log);

} // namespace journal_test
