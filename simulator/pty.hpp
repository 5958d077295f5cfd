#pragma once

#include "core/result.hpp"

#include <string>

namespace kilnwatt::simulator {

/// A pseudo-terminal in raw mode: what is written to one end comes out of the other. Keeps its own descriptor of the
/// slave, so that the master never sees a hang-up when the other program closes it.
class pty {
public:
    [[nodiscard]] static result<pty> make();

    pty(pty&& other) noexcept;
    pty& operator=(pty&& other) noexcept;
    ~pty();

    int master() const { return master_; } ///< non-blocking
    std::string const& slave_path() const { return path_; }

    /// Hands the master over: the caller closes it.
    int release_master();

    /// Lets the slave be opened again although its last user took it for itself alone (TIOCEXCL outlives a close).
    void end_exclusive_use() const;

private:
    pty() = default;

    int master_ = -1;
    int slave_ = -1;
    std::string path_;
};

/// Makes `path` a symbolic link to `target`, in place of a link or nothing; refuses to replace anything else.
[[nodiscard]] result<void> link_path(std::string const& path, std::string const& target);
/// Removes `path` if it is a symbolic link to `target`.
void unlink_path(std::string const& path, std::string const& target);

} // namespace kilnwatt::simulator
