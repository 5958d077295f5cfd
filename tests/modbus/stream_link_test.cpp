#include "link_bench.hpp"

#include <catch2/catch.hpp>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

using namespace kilnwatt;
using namespace kilnwatt::modbus;
using namespace std::chrono_literals;

namespace {

read_request const one{1, table::holding_registers, 0, 1};

/// A listener whose queue is full: further connects hang.
class deaf_listener {
public:
    deaf_listener()
    {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        address_.sin_family = AF_INET;
        address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address_;
        auto* const any = reinterpret_cast<sockaddr*>(&address_);
        REQUIRE(::bind(listener_, any, size) == 0);
        REQUIRE(::listen(listener_, 0) == 0);
        REQUIRE(::getsockname(listener_, any, &size) == 0);
        for (auto& fd : queued_) {
            fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
            ::connect(fd, any, size);
        }
    }

    ~deaf_listener()
    {
        ::close(listener_);
        for (auto const fd : queued_)
            ::close(fd);
    }

    link_address address() const { return {.host = "127.0.0.1", .port = ntohs(address_.sin_port)}; }

private:
    int listener_ = -1;
    std::array<int, 4> queued_{};
    sockaddr_in address_{};
};

} // namespace

TEST_CASE("stream_link: an HTTP or TLS server is told from a device", "[modbus][stream_link]")
{
    auto const kind = GENERATE(link_kind::tcp, link_kind::rtu_over_tcp);
    auto const* const says = GENERATE("48 54 54 50 2f 31 2e 31 20 34 30 30 20 42 61 64 0d 0a", "15 03 03 00 02 02 16");
    auto const at_once = GENERATE(true, false);
    scripted_peer peer{kind, [&](scripted_peer& p) {
                           p.accept();
                           p.request();
                           if (at_once)
                               p.send(hex(says));
                           for (auto const b : at_once ? octets{} : hex(says)) {
                               p.send({b});
                               p.pause(1ms);
                           }
                           p.pause(1s);
                       }};
    link_bench bench{peer.address(), patient()};
    auto const got = bench.read(one);
    REQUIRE(got.has_error());
    CHECK(got.error() == errc::not_modbus);
    CHECK_FALSE(bench.link().is_open());
}

TEST_CASE("stream_link: a connect that hangs ends at connect_timeout", "[modbus][stream_link]")
{
    deaf_listener const deaf;
    auto timing = patient();
    timing.connect_timeout = 50ms;
    link_bench bench{deaf.address(), timing};
    auto const got = bench.read(one);
    REQUIRE(got.has_error());
    CHECK(got.error() == errc::connect_failed);

    SECTION("and earlier when it is cancelled")
    {
        timing.connect_timeout = 1h;
        link_bench patient_bench{deaf.address(), timing};
        auto const cancelled = patient_bench.read_while(one, [](auto const& cancel) { cancel(); });
        REQUIRE(cancelled.has_error());
        CHECK(cancelled.error() == errc::cancelled);

        auto const closed = patient_bench.read_while(one, [&](auto const&) { patient_bench.link().close(); });
        REQUIRE(closed.has_error());
        CHECK(closed.error() == errc::cancelled);
    }
}

TEST_CASE("stream_link: the fall-back address serves while the first takes no connection", "[modbus][stream_link]")
{
    auto const serve = [](scripted_peer& p) {
        p.accept();
        while (true)
            p.send(p.answer(p.request(), {42}));
    };
    scripted_peer second{link_kind::tcp, serve};
    auto timing = patient();
    timing.connect_timeout = 50ms;

    SECTION("because it refuses")
    {
        link_address nobody;
        {
            scripted_peer const gone{link_kind::tcp, [](scripted_peer&) {}};
            nobody = gone.address();
        }
        link_bench bench{nobody, timing, second.address()};
        CHECK(bench.read(one).has_value());
    }
    SECTION("because it hangs, and each address has its own time")
    {
        deaf_listener const deaf;
        link_bench bench{deaf.address(), timing, second.address()};
        CHECK(bench.read(one).has_value());
    }
    SECTION("and the first is preferred when it is there")
    {
        scripted_peer first{link_kind::tcp, [](scripted_peer& p) {
                                p.accept();
                                p.send(p.answer(p.request(), {7}));
                            }};
        link_bench bench{first.address(), patient(), second.address()};
        auto const got = bench.read(one);
        REQUIRE(got.has_value());
        CHECK(*got == std::vector<std::uint16_t>{7});
    }
    SECTION("and when both are dead that is a failed connect")
    {
        deaf_listener const deaf, deaf_too;
        link_bench bench{deaf.address(), timing, deaf_too.address()};
        auto const got = bench.read(one);
        REQUIRE(got.has_error());
        CHECK(got.error() == errc::connect_failed);
    }
}

TEST_CASE("stream_link: a host by name is looked up", "[modbus][stream_link]")
{
    scripted_peer peer{link_kind::tcp, [](scripted_peer& p) {
                           p.accept();
                           p.send(p.answer(p.request(), {42}));
                       }};
    auto address = peer.address();
    address.host = "localhost";
    link_bench bench{address, patient()};
    auto const got = bench.read(one);
    REQUIRE(got.has_value());
    CHECK(*got == std::vector<std::uint16_t>{42});
}

TEST_CASE("stream_link: a name nobody knows, or looks up in time, is a failed connect", "[modbus][stream_link]")
{
    auto timing = patient();
    timing.connect_timeout = GENERATE(1ms, 10000ms);
    link_bench bench{{.host = "no-such-host.invalid", .port = 502}, timing};
    auto const got = bench.read(one);
    REQUIRE(got.has_error());
    CHECK(got.error() == errc::connect_failed);
}

TEST_CASE("stream_link: a gateway that does not echo the transaction needs the lenient link", "[modbus][stream_link]")
{
    auto const lenient = GENERATE(true, false);
    scripted_peer peer{link_kind::tcp, [](scripted_peer& p) {
                           p.accept();
                           while (true) {
                               auto frame = p.answer(p.request(), {7});
                               frame[0] = 0xAB;
                               p.send(frame);
                           }
                       }};
    auto timing = patient(lenient ? answer_comes : no_answer);
    timing.lenient_transaction_id = lenient;
    link_bench bench{peer.address(), timing};
    auto const got = bench.read(one);
    CHECK(got.has_value() == lenient);
    CHECK(bench.link().statistics().strangers == (lenient ? 0 : 1));
}

TEST_CASE("stream_link: a second connect within connect_interval waits, and a cancel ends the wait",
          "[modbus][stream_link]")
{
    scripted_peer peer{link_kind::tcp, [](scripted_peer& p) {
                           p.accept();
                           p.send(p.answer(p.request(), {7}));
                           p.hang_up();
                           p.mark();
                           p.pause(10s);
                       }};
    auto timing = patient();
    timing.connect_interval = 1h;
    link_bench bench{peer.address(), timing};
    REQUIRE(bench.read(one).has_value());
    REQUIRE(peer.wait_for_mark(1));
    bench.link().close();
    auto const got = bench.read_while(one, [](auto const& cancel) { cancel(); });
    REQUIRE(got.has_error());
    CHECK(got.error() == errc::cancelled);
}
