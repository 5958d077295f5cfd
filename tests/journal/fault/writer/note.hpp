#pragma once

#include <cstdint>

namespace journal_test {

/// What the writing process says through its pipe; one write() a note, so that a kill leaves only whole notes.
struct note {
    enum class what : std::int64_t {
        appends,   ///< `number` is about to be handed to the journal
        committed, ///< the journal has said that everything up to `number` is committed
    };
    what kind;
    std::int64_t number;
    std::int64_t mono_us; ///< CLOCK_MONOTONIC, the same for all processes
};

} // namespace journal_test
