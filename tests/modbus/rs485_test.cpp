#include "link_fixture.hpp"

#include <linux/serial.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdarg>
#include <mutex>
#include <vector>

/// A pseudo terminal has neither RTS nor an RS-485 mode: this is the kernel that has, as far as our test asks for it.
namespace {

std::atomic<bool> has_rs485{false};
std::mutex rts_mutex;
std::vector<bool> rts; ///< each level that was set, in order

std::vector<bool> take_rts()
{
    std::lock_guard const lock{rts_mutex};
    return std::exchange(rts, {});
}

} // namespace

extern "C" int ioctl(int fd, unsigned long request, ...) noexcept
{
    va_list more;
    va_start(more, request);
    void* const argument = va_arg(more, void*);
    va_end(more);
    if (request == TIOCMSET) {
        std::lock_guard const lock{rts_mutex};
        rts.push_back((*static_cast<int const*>(argument) & TIOCM_RTS) != 0);
    }
    if (request == TIOCGRS485 && has_rs485) {
        *static_cast<serial_rs485*>(argument) = {};
        return 0;
    }
    if (request == TIOCSRS485 && has_rs485)
        return (static_cast<serial_rs485 const*>(argument)->flags & SER_RS485_ENABLED) != 0 ? 0 : -1;
    return static_cast<int>(::syscall(SYS_ioctl, fd, request, argument));
}

using namespace kilnwatt;
using namespace kilnwatt::modbus;
using namespace std::chrono_literals;

namespace {

read_request const one{1, table::holding_registers, 0, 1};

void answer_42(scripted_peer& p)
{
    p.accept();
    serve(p, {42});
}

} // namespace

TEST_CASE("serial_link: RTS leaves the line to the others, except while a request is sent", "[modbus][serial_link]")
{
    auto const driver = GENERATE(rs485_driver::rts_up, rs485_driver::rts_down);
    auto const sending = driver == rs485_driver::rts_up;
    scripted_peer peer{link_kind::serial, answer_42};
    auto address = peer.address();
    address.serial.driver = driver;
    address.serial.rts_delay = 100us;
    link_bench bench{address, patient()};
    take_rts();
    REQUIRE(bench.read(one).has_value());
    CHECK(take_rts() == std::vector<bool>{!sending, sending, !sending});
    REQUIRE(bench.read(one).has_value());
    CHECK(take_rts() == std::vector<bool>{sending, !sending});
}

TEST_CASE("serial_link: an adapter that switches by itself is left alone", "[modbus][serial_link]")
{
    scripted_peer peer{link_kind::serial, answer_42};
    link_bench bench{peer.address(), patient()};
    take_rts();
    REQUIRE(bench.read(one).has_value());
    CHECK(take_rts().empty());
}

TEST_CASE("serial_link: a port without an RS-485 mode says so, one with it is switched on", "[modbus][serial_link]")
{
    scripted_peer peer{link_kind::serial, answer_42};
    auto address = peer.address();
    address.serial.driver = rs485_driver::kernel;
    has_rs485 = GENERATE(false, true);
    link_bench bench{address, patient()};
    auto const got = bench.read(one);
    if (has_rs485) {
        CHECK(got.has_value());
    } else {
        REQUIRE(got.has_error());
        CHECK(got.error() == errc::port_unswitched);
        CHECK_FALSE(bench.link().is_open());
    }
    has_rs485 = false;
}
