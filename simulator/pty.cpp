#include "simulator/pty.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <utility>

namespace kilnwatt::simulator {
namespace {

namespace fs = std::filesystem;

boost::system::error_code last_error()
{
    return {errno, boost::system::system_category()};
}

bool make_raw(int fd)
{
    termios t{};
    if (::tcgetattr(fd, &t) != 0)
        return false;
    ::cfmakeraw(&t);
    return ::tcsetattr(fd, TCSANOW, &t) == 0;
}

} // namespace

result<pty> pty::make()
{
    pty made;
    made.master_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (made.master_ < 0 || ::grantpt(made.master_) != 0 || ::unlockpt(made.master_) != 0)
        return last_error();
    std::array<char, 64> name{};
    if (auto const error = ::ptsname_r(made.master_, name.data(), name.size()); error != 0)
        return boost::system::error_code{error, boost::system::system_category()};
    made.path_ = name.data();
    made.slave_ = ::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (made.slave_ < 0 || !make_raw(made.slave_))
        return last_error();
    return made;
}

pty::pty(pty&& other) noexcept
    : master_{std::exchange(other.master_, -1)}, slave_{std::exchange(other.slave_, -1)}, path_{std::move(other.path_)}
{}

pty& pty::operator=(pty&& other) noexcept
{
    std::swap(master_, other.master_);
    std::swap(slave_, other.slave_);
    std::swap(path_, other.path_);
    return *this;
}

pty::~pty()
{
    if (master_ >= 0)
        ::close(master_);
    if (slave_ >= 0)
        ::close(slave_);
}

int pty::release_master()
{
    return std::exchange(master_, -1);
}

void pty::end_exclusive_use() const
{
    ::ioctl(slave_, TIOCNXCL);
}

result<void> link_path(std::string const& path, std::string const& target)
{
    boost::system::error_code const occupied{EEXIST, boost::system::system_category()};
    std::error_code ec;
    auto const there = fs::symlink_status(path, ec);
    if (fs::exists(there) && !fs::is_symlink(there))
        return occupied;
    auto const fresh = path + "." + std::to_string(::getpid());
    fs::remove(fresh, ec);
    fs::create_symlink(target, fresh, ec);
    if (!ec)
        fs::rename(fresh, path, ec);
    if (ec)
        return boost::system::error_code{ec.value(), boost::system::system_category()};
    return {};
}

void unlink_path(std::string const& path, std::string const& target)
{
    std::error_code ec;
    if (fs::read_symlink(path, ec) == target && !ec)
        fs::remove(path, ec);
}

} // namespace kilnwatt::simulator
