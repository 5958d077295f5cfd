#include "scripted_peer.hpp"

#include "protocols/modbus/rtu_framing.hpp"
#include "protocols/modbus/tcp_framing.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace kilnwatt::modbus {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 10s;

} // namespace

scripted_peer::scripted_peer(link_kind kind, script play) : kind_{kind}
{
    is_tcp() ? listen() : open_terminal();
    thread_ = std::thread{[this, play = std::move(play)] {
        try {
            play(*this);
        } catch (over const&) {
        }
    }};
}

scripted_peer::~scripted_peer()
{
    {
        std::lock_guard const lock{mutex_};
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
    hang_up();
    if (listener_ >= 0)
        ::close(listener_);
    std::error_code ignored;
    if (!folder_.empty())
        std::filesystem::remove_all(folder_, ignored);
}

void scripted_peer::listen()
{
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof here;
    auto* const address = reinterpret_cast<sockaddr*>(&here);
    if (::bind(listener_, address, size) != 0 || ::listen(listener_, 8) != 0 ||
        ::getsockname(listener_, address, &size) != 0)
        throw std::runtime_error{"no port to listen on"};
    port_ = ntohs(here.sin_port);
}

void scripted_peer::open_terminal()
{
    if (folder_.empty()) {
        auto name = (std::filesystem::temp_directory_path() / "kilnwatt-line-XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
    }
    fd_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    std::array<char, 64> slave{};
    if (fd_ < 0 || ::grantpt(fd_) != 0 || ::unlockpt(fd_) != 0 || ::ptsname_r(fd_, slave.data(), slave.size()) != 0)
        throw std::runtime_error{"no pseudo terminal"};
    auto const fresh = folder_ + "/fresh";
    std::filesystem::create_symlink(slave.data(), fresh);
    std::filesystem::rename(fresh, folder_ + "/line");
}

link_address scripted_peer::address() const
{
    link_address a{.kind = kind_};
    if (is_tcp()) {
        a.host = "127.0.0.1";
        a.port = port_;
    } else {
        a.path = folder_ + "/line";
        a.serial.baud = 115200;
    }
    return a;
}

bool scripted_peer::wait_for_mark(int n)
{
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, patience, [&] { return marks_ >= n; });
}

void scripted_peer::go_on()
{
    {
        std::lock_guard const lock{mutex_};
        ++goes_;
    }
    changed_.notify_all();
}

void scripted_peer::mark()
{
    {
        std::lock_guard const lock{mutex_};
        ++marks_;
    }
    changed_.notify_all();
}

void scripted_peer::wait_for_go()
{
    std::unique_lock lock{mutex_};
    if (!changed_.wait_for(lock, patience, [&] { return goes_ > 0 || stopping_; }) || stopping_)
        throw over{};
    --goes_;
}

void scripted_peer::pause(std::chrono::milliseconds for_so_long)
{
    std::unique_lock lock{mutex_};
    if (changed_.wait_for(lock, for_so_long, [&] { return stopping_; }))
        throw over{};
}

void scripted_peer::accept()
{
    if (!is_tcp()) {
        if (fd_ < 0)
            open_terminal();
        return;
    }
    wait_readable(listener_);
    hang_up();
    fd_ = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    int const on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void scripted_peer::wait_readable(int fd)
{
    for (auto const end = std::chrono::steady_clock::now() + patience; std::chrono::steady_clock::now() < end;) {
        pollfd watched{fd, POLLIN, 0};
        if (::poll(&watched, 1, 5) > 0 && (watched.revents & POLLIN) != 0)
            return;
        pause((watched.revents & POLLHUP) != 0 ? 2ms : 0ms); // the terminal's other side is not open yet
    }
    throw over{};
}

read_request scripted_peer::request()
{
    while (true) {
        if (kind_ == link_kind::tcp) {
            auto const frame = first_tcp_frame(received_);
            if (frame.has_value() && *frame) {
                transaction_ = (*frame)->transaction;
                auto const parsed = parse_request((*frame)->unit, (*frame)->pdu);
                received_.erase(received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>((*frame)->size));
                ++requests_;
                return parsed.value();
            }
        } else if (auto const scan = first_rtu_request(received_); scan.found) {
            auto const parsed = parse_request(scan.unit, scan.pdu);
            received_.erase(received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>(scan.size));
            ++requests_;
            return parsed.value();
        }
        receive_some();
    }
}

void scripted_peer::receive_some()
{
    wait_readable(fd_);
    std::array<std::uint8_t, 512> some{};
    auto const n = ::read(fd_, some.data(), some.size());
    if (n == 0)
        throw over{};
    if (n > 0)
        received_.insert(received_.end(), some.begin(), some.begin() + n);
}

octets scripted_peer::take(std::size_t n)
{
    while (received_.size() < n)
        receive_some();
    octets const taken{received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>(n)};
    received_.erase(received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>(n));
    if (kind_ == link_kind::tcp)
        transaction_ = get_u16(taken, 0);
    ++requests_;
    return taken;
}

void scripted_peer::send(octets const& b)
{
    for (std::size_t sent = 0; sent < b.size();) {
        auto const n = is_tcp() ? ::send(fd_, b.data() + sent, b.size() - sent, MSG_NOSIGNAL)
                                : ::write(fd_, b.data() + sent, b.size() - sent);
        if (n > 0)
            sent += static_cast<std::size_t>(n);
        else if (errno == EAGAIN)
            pause(1ms);
        else
            throw over{};
    }
}

octets scripted_peer::frame(read_request const& to, octets const& pdu) const
{
    std::array<std::uint8_t, tcp_frame_max> out{};
    auto const size = kind_ == link_kind::tcp ? encode_tcp(transaction_, to.unit, pdu, out)
                                              : encode_rtu(to.unit, pdu, std::span{out}.first<rtu_frame_max>());
    return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size)};
}

octets scripted_peer::answer(read_request const& to, std::vector<std::uint16_t> const& words) const
{
    std::array<std::uint8_t, pdu_max> pdu{};
    auto const size = encode_reply(to, words, pdu);
    return frame(to, {pdu.begin(), pdu.begin() + static_cast<std::ptrdiff_t>(size)});
}

void scripted_peer::hang_up()
{
    if (fd_ >= 0)
        ::close(fd_);
    fd_ = -1;
    received_.clear();
}

} // namespace kilnwatt::modbus
