#include "agent/journal/file_lock.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace kilnwatt::journal {
namespace {

/// The process id that the holder wrote; "unknown" when it is not there (yet).
std::string holder(int fd)
{
    char text[24];
    auto const n = ::pread(fd, text, sizeof text, 0);
    if (n <= 0)
        return "unknown";
    std::string pid{text, static_cast<std::size_t>(n)};
    pid.erase(pid.find_last_not_of('\n') + 1);
    return pid;
}

} // namespace

file_lock::~file_lock()
{
    if (fd_ >= 0)
        ::close(fd_);
}

file_lock::file_lock(file_lock&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}

file_lock& file_lock::operator=(file_lock&& other) noexcept
{
    std::swap(fd_, other.fd_);
    return *this;
}

file_lock::outcome file_lock::take(std::string const& journal_path, std::string& why)
{
    auto const path = journal_path + ".lock";
    auto const fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) {
        why = fmt::format("cannot create {}: {}", path, std::strerror(errno));
        return outcome::failed;
    }
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        why = fmt::format("the journal {} is in use by process {}", journal_path, holder(fd));
        ::close(fd);
        return outcome::held_by_other;
    }
    auto const pid = fmt::format("{}\n", ::getpid());
    if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, pid.data(), pid.size(), 0) < 0) {
        // the number only serves the other side's message; on a full disk the lock holds without it
    }
    fd_ = fd;
    return outcome::taken;
}

} // namespace kilnwatt::journal
