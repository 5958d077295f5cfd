#pragma once

#include <string>

namespace kilnwatt::journal {

/// One agent a journal: flock on "<path>.lock", which the kernel gives up when the process ends, however it ends.
/// Readers take no lock.
class file_lock {
public:
    file_lock() = default;
    ~file_lock();
    file_lock(file_lock&& other) noexcept;
    file_lock& operator=(file_lock&& other) noexcept;

    enum class outcome { taken, held_by_other, failed };

    /// held_by_other: `why` names the process; failed: `why` has the system's words.
    [[nodiscard]] outcome take(std::string const& journal_path, std::string& why);

private:
    int fd_ = -1;
};

} // namespace kilnwatt::journal
