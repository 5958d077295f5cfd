#include "agent/journal/disk_reserve.hpp"

#include <limits>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace kilnwatt::journal {

std::uint64_t disk_free(std::string const& path) noexcept
{
    struct statvfs s {};
    if (::statvfs(path.c_str(), &s) != 0)
        return std::numeric_limits<std::uint64_t>::max();
    return std::uint64_t{s.f_bavail} * s.f_frsize;
}

void disk_reserve::hold() noexcept
{
    struct stat present {};
    if (::stat(path_.c_str(), &present) == 0 && static_cast<std::uint64_t>(present.st_size) == bytes)
        return;
    auto const fd = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0)
        return;
    auto const room = disk_free(path_) >= 2 * bytes && ::posix_fallocate(fd, 0, bytes) == 0;
    ::close(fd);
    if (!room)
        ::unlink(path_.c_str());
}

bool disk_reserve::release() noexcept
{
    return ::unlink(path_.c_str()) == 0;
}

} // namespace kilnwatt::journal
