#include "protocols/modbus/serial_port.hpp"

#include <modbus/modbus.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace kilnwatt::modbus {
namespace {

using boost::system::error_code;

errc open_error(int number) noexcept
{
    auto const denied = number == EACCES || number == EPERM || number == EBUSY || number == EWOULDBLOCK;
    return denied ? errc::port_denied : errc::port_missing;
}

/// libmodbus leaves the translation of 0x0D to 0x0A and the like as it finds it.
bool pass_every_byte(int fd)
{
    termios settings{};
    if (tcgetattr(fd, &settings) != 0)
        return false;
    settings.c_iflag &= ~static_cast<tcflag_t>(ICRNL | INLCR | IGNCR | ISTRIP | BRKINT | PARMRK | IXON | IXOFF);
    settings.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    settings.c_oflag &= ~static_cast<tcflag_t>(OPOST);
    return tcsetattr(fd, TCSANOW, &settings) == 0;
}

/// A pseudo-terminal keeps no parity, and glibc's tcsetattr calls that an error (EINVAL) unless something else changed:
/// on the second opening with the same settings nothing would. Another speed first makes the change visible.
void unsettle_speed(int fd)
{
    termios settings{};
    if (tcgetattr(fd, &settings) == 0 && cfsetspeed(&settings, B50) == 0)
        tcsetattr(fd, TCSANOW, &settings);
}

/// Leaves the line to the others until the first request. Errors: port_unswitched.
error_code set_driver(modbus_t* context, serial_format const& format)
{
    auto const by_rts = format.driver == rs485_driver::rts_up || format.driver == rs485_driver::rts_down;
    if (format.driver == rs485_driver::kernel && modbus_rtu_set_serial_mode(context, MODBUS_RTU_RS485) != 0)
        return errc::port_unswitched;
    if (!by_rts)
        return {};
    auto const mode = format.driver == rs485_driver::rts_up ? MODBUS_RTU_RTS_UP : MODBUS_RTU_RTS_DOWN;
    if (format.rts_delay.count() > 0 &&
        modbus_rtu_set_rts_delay(context, static_cast<int>(format.rts_delay.count())) != 0)
        return errc::port_unswitched;
    return modbus_rtu_set_rts(context, mode) == 0 ? error_code{} : errc::port_unswitched;
}

timespec until(serial_port::clock::time_point deadline)
{
    auto const left = std::max(deadline - serial_port::clock::now(), serial_port::clock::duration::zero());
    auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    return {seconds.count(), std::chrono::nanoseconds{left - seconds}.count()};
}

} // namespace

serial_port::serial_port() : wake_{eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)} {}

serial_port::~serial_port()
{
    close();
    if (wake_ >= 0)
        ::close(wake_);
}

error_code serial_port::open(link_address const& address)
{
    close();
    if (wake_ < 0) // no descriptors left: a port that cannot be interrupted is not opened
        return errc::port_missing;
    auto ec = hold(address.path);
    if (!ec)
        ec = configure(address);
    if (ec)
        close();
    return ec;
}

/// Takes the lock before anything is configured, so that the line of another program is not disturbed.
error_code serial_port::hold(std::string const& path)
{
    lock_ = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (lock_ < 0)
        return open_error(errno);
    if (isatty(lock_) == 0)
        return errc::port_missing;
    if (flock(lock_, LOCK_EX | LOCK_NB) != 0)
        return open_error(errno);
    return {};
}

error_code serial_port::configure(link_address const& address)
{
    auto const& format = address.serial;
    context_ = modbus_new_rtu(address.path.c_str(), format.baud, format.parity, format.data_bits, format.stop_bits);
    if (context_ == nullptr)
        return errc::bad_request;
    unsettle_speed(lock_);
    if (modbus_connect(context_) != 0)
        return open_error(errno);
    fd_ = modbus_get_socket(context_);
    if (!pass_every_byte(fd_))
        return errc::port_missing;
    ioctl(fd_, TIOCEXCL);
    return set_driver(context_, format);
}

void serial_port::close()
{
    if (fd_ >= 0) {
        tcflush(fd_, TCIOFLUSH); // otherwise closing waits until a blocked line has taken the bytes
        ioctl(fd_, TIOCNXCL);
        modbus_close(context_);
        fd_ = -1;
    }
    if (context_ != nullptr) {
        modbus_free(context_);
        context_ = nullptr;
    }
    if (lock_ >= 0) {
        ::close(lock_);
        lock_ = -1;
    }
}

error_code serial_port::send(byte_view unit_and_pdu)
{
    // libmodbus takes a pointer to non-const bytes and does not write to them.
    std::array<std::uint8_t, MODBUS_RTU_MAX_ADU_LENGTH> copy{};
    auto const size = std::min(unit_and_pdu.size(), copy.size());
    std::copy_n(unit_and_pdu.begin(), size, copy.begin());
    auto const sent = modbus_send_raw_request(context_, copy.data(), static_cast<int>(size));
    if (sent != static_cast<int>(size + 2))
        return gone();
    return {};
}

result<std::size_t> serial_port::receive(std::span<std::uint8_t> room, clock::time_point deadline)
{
    while (true) {
        std::array<pollfd, 2> watched{{{fd_, POLLIN, 0}, {wake_, POLLIN, 0}}};
        auto const left = until(deadline);
        auto const ready = ppoll(watched.data(), watched.size(), &left, nullptr);
        if (ready < 0 && errno != EINTR)
            return gone();
        if (ready <= 0) {
            if (clock::now() >= deadline)
                return 0;
            continue;
        }
        if (watched[1].revents != 0)
            return errc::cancelled;
        auto const n = ::read(fd_, room.data(), room.size());
        if (n > 0)
            return static_cast<std::size_t>(n);
        if (n == 0 || (errno != EAGAIN && errno != EINTR))
            return gone();
    }
}

error_code serial_port::pause_until(clock::time_point at)
{
    while (clock::now() < at) {
        pollfd watched{wake_, POLLIN, 0};
        auto const left = until(at);
        if (ppoll(&watched, 1, &left, nullptr) > 0)
            return errc::cancelled;
    }
    return {};
}

error_code serial_port::gone()
{
    close();
    return errc::port_missing;
}

void serial_port::interrupt()
{
    eventfd_write(wake_, 1);
}

void serial_port::rearm()
{
    eventfd_t count = 0;
    eventfd_read(wake_, &count);
}

} // namespace kilnwatt::modbus
