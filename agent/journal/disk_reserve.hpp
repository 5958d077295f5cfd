#pragma once

#include <cstdint>
#include <string>

namespace kilnwatt::journal {

/// Bytes a user may still write on the file system of `path`; the maximum when it cannot be told.
std::uint64_t disk_free(std::string const& path) noexcept;

/// Room set apart beside the journal, given back when the disk is full: enough for the log of a transaction that drops
/// a segment, so that a full disk can still make room.
class disk_reserve {
public:
    static constexpr std::uint64_t bytes = 4u << 20;

    explicit disk_reserve(std::string const& journal_path) : path_{journal_path + ".reserve"} {}

    void hold() noexcept;    ///< makes the file when there is room for it twice
    bool release() noexcept; ///< true: there was one, and its room is free now

private:
    std::string path_;
};

} // namespace kilnwatt::journal
