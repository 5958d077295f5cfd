#include "link_fixture.hpp"

using namespace kilnwatt;
using namespace kilnwatt::modbus;
using namespace std::chrono_literals;

/// What every kind of link promises of a write: each case runs over TCP, RTU over TCP and a serial line.
namespace {

using words = std::vector<std::uint16_t>;

words const one_value{0x0D0A};
words const three_values{1, 0, 0xFFFF};
write_request const one{1, write_function::holding_register, 100, one_value};
write_request const three{1, write_function::holding_registers, 100, three_values};
read_request const back{1, table::holding_registers, 100, 1};

struct fixture : link_fixture {
    /// Of a whole frame with a PDU of so many bytes.
    std::size_t framed(std::size_t pdu) const { return pdu + (kind == link_kind::tcp ? 7 : 3); }

    octets pdu_in(octets const& frame) const
    {
        auto const head = kind == link_kind::tcp ? 7 : 1;
        auto const tail = kind == link_kind::tcp ? 0 : 2;
        return {frame.begin() + head, frame.end() - tail};
    }

    void check_done(link_bench::outcome const& got)
    {
        INFO((got.has_error() ? got.error().message() : "it answered"));
        CHECK(got.has_value());
    }
};

constexpr std::size_t single = 5; ///< bytes of the PDU of one value
constexpr std::size_t triple = 12;

} // namespace

TEST_CASE_METHOD(fixture, "link: a write is done when the device repeats it", "[modbus][link][write]")
{
    octets first;
    octets second;
    play([&](scripted_peer& p) {
        p.accept();
        first = p.take(framed(single));
        p.send(first);
        second = p.take(framed(triple));
        p.send(p.frame(back, hex("10 00 64 00 03")));
        p.mark();
        p.send(p.answer(p.request(), one_value));
    });
    check_done(bench->write(one));
    check_done(bench->write(three));
    REQUIRE(peer->wait_for_mark(1));
    CHECK(pdu_in(first) == hex("06 00 64 0D 0A"));
    CHECK(pdu_in(second) == hex("10 00 64 00 03 06 00 01 00 00 FF FF"));
    auto const read = bench->read(back);
    REQUIRE(read.has_value());
    CHECK(*read == one_value);
    CHECK(counts().requests == 3);
    CHECK(counts().replies == 3);
}

TEST_CASE_METHOD(fixture, "link: a refused write is the device's own error", "[modbus][link][write]")
{
    play([this](scripted_peer& p) {
        p.accept();
        p.take(framed(single));
        p.send(p.frame(back, hex("86 03")));
    });
    auto const got = bench->write(one);
    check_error(got, errc::illegal_data_value);
    CHECK_FALSE(may_have_arrived(got.error()));
}

TEST_CASE_METHOD(fixture, "link: another echo than what was written confirms nothing", "[modbus][link][write]")
{
    play(
        [this](scripted_peer& p) {
            p.accept();
            p.take(framed(single));
            p.send(p.frame(back, hex("06 00 64 0D 0B")));
        },
        patient(200ms));
    auto const got = bench->write(one);
    check_error(got, errc::malformed_reply);
    CHECK(may_have_arrived(got.error()));
}

TEST_CASE_METHOD(fixture, "link: a write that was sent is not sent again on a new connection", "[modbus][link][write]")
{
    play([this](scripted_peer& p) {
        p.accept();
        p.send(p.answer(p.request(), one_value));
        p.take(framed(single));
        p.hang_up();
        p.accept();
        p.mark();
        p.send(p.answer(p.request(), {7})); // would throw on a write
        p.mark();
    });
    REQUIRE(bench->read(back).has_value());
    auto const got = bench->write(one);
    check_error(got, is_serial() ? errc::port_missing : errc::connection_lost);
    CHECK(may_have_arrived(got.error()));
    if (is_serial())
        REQUIRE(peer->wait_for_mark(1));
    auto const read = bench->read(back);
    REQUIRE(read.has_value());
    CHECK(*read == words{7});
    REQUIRE(peer->wait_for_mark(2));
    CHECK(counts().requests == 3);
}

TEST_CASE_METHOD(fixture, "link: a connection closed while idle is made anew before a write is sent",
                 "[modbus][link][write]")
{
    play([this](scripted_peer& p) {
        p.accept();
        p.send(p.answer(p.request(), one_value));
        p.wait_for_go();
        p.hang_up();
        p.mark();
        p.accept();
        p.mark();
        p.send(p.take(framed(single)));
    });
    REQUIRE(bench->read(back).has_value());
    peer->go_on();
    REQUIRE(peer->wait_for_mark(is_serial() ? 2 : 1));
    check_done(bench->write(one));
    CHECK(counts().connects == 2);
    CHECK(counts().requests == 2);
}

TEST_CASE_METHOD(fixture, "link: a cancelled write may have arrived, and its late echo is nobody's answer",
                 "[modbus][link][write]")
{
    play(
        [this](scripted_peer& p) {
            p.accept();
            p.send(p.answer(p.request(), one_value));
            auto const sent = p.take(framed(single));
            p.mark();
            p.wait_for_go();
            p.send(sent);
            p.send(p.answer(p.request(), {7}));
        },
        patient(2s));
    REQUIRE(bench->read(back).has_value());
    auto const got = bench->write_while(one, [this](std::function<void()> const& cancel) {
        CHECK(peer->wait_for_mark(1));
        cancel();
    });
    check_error(got, errc::cancelled);
    CHECK(may_have_arrived(got.error()));
    peer->go_on();
    auto const read = bench->read(back);
    REQUIRE(read.has_value());
    CHECK(*read == words{7});
}

TEST_CASE_METHOD(fixture, "link: a write beyond the protocol's limits is not sent", "[modbus][link][write]")
{
    play([](scripted_peer& p) { p.accept(); });
    words const many(124);
    check_error(bench->write({1, write_function::holding_registers, 0, many}), errc::bad_request);
    check_error(bench->write({1, write_function::holding_register, 0, three_values}), errc::bad_request);
    check_error(bench->write({1, write_function::coils, 65535, three_values}), errc::bad_request);
    if (kind != link_kind::tcp)
        check_error(bench->write({0, write_function::holding_register, 0, one_value}), errc::bad_request);
    CHECK(counts().connects == 0);
}
