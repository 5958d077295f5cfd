#include "agent/control/control_socket.hpp"

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>

namespace kilnwatt::control {
namespace {

using boost::system::error_code;
using local = boost::asio::local::stream_protocol;

constexpr ::mode_t socket_mode = 0660;
constexpr int waiting_max = 16; ///< connections that are not accepted yet

bool is_socket(std::string const& path)
{
    struct ::stat s {};
    return ::lstat(path.c_str(), &s) == 0 && S_ISSOCK(s.st_mode);
}

/// True when there is a socket and nobody listens on it.
bool is_left_behind(local::acceptor& acceptor, std::string const& path)
{
    if (!is_socket(path))
        return false;
    local::socket probe{acceptor.get_executor()};
    error_code ec;
    probe.connect(local::endpoint{path}, ec);
    return ec == boost::asio::error::connection_refused;
}

} // namespace

bool listen_at(local::acceptor& acceptor, std::string const& path, std::string& why)
{
    if (path.size() >= sizeof(::sockaddr_un::sun_path)) {
        why = path + ": longer than the path of a socket may be";
        return false;
    }
    if (is_left_behind(acceptor, path))
        ::unlink(path.c_str());
    local::endpoint const at{path};
    error_code ec;
    acceptor.open(at.protocol(), ec);
    // Before bind(): the file never exists with more rights than these, whatever the umask.
    if (!ec && ::fchmod(acceptor.native_handle(), socket_mode) != 0)
        ec.assign(errno, boost::system::system_category());
    if (!ec)
        acceptor.bind(at, ec);
    auto const bound = !ec;
    if (bound && ::chmod(path.c_str(), socket_mode) != 0)
        ec.assign(errno, boost::system::system_category());
    if (!ec)
        acceptor.listen(waiting_max, ec);
    if (!ec)
        return true;
    why = path + ": " + ec.message();
    if (bound)
        ::unlink(path.c_str());
    error_code ignored;
    acceptor.close(ignored);
    return false;
}

} // namespace kilnwatt::control
