#include "link_fixture.hpp"

using namespace kilnwatt;
using namespace kilnwatt::modbus;
using namespace std::chrono_literals;

/// One contract for every kind of link: what becomes of requests and answers.
namespace {

using words = std::vector<std::uint16_t>;

read_request const two{1, table::holding_registers, 100, 2};
read_request const of_another_unit{2, table::holding_registers, 100, 2};
words const values{0x0D0A, 0x1113}; // bytes a terminal likes to translate

/// What cannot be an answer to anybody, in the framing of the link.
octets broken_answer(scripted_peer& p, link_kind kind, read_request const& r)
{
    auto frame = p.answer(r, values);
    if (kind == link_kind::tcp)
        frame[3] = 1; // protocol id
    else
        frame.back() ^= 1; // CRC
    return frame;
}

} // namespace

TEST_CASE_METHOD(link_fixture, "link: an answer becomes words", "[modbus][link]")
{
    play([](scripted_peer& p) {
        p.accept();
        serve(p, values);
    });
    CHECK_FALSE(bench->link().is_open());
    check_values(bench->read(two), values);
    check_values(bench->read(two), values);
    CHECK(bench->link().is_open());
    CHECK(counts().requests == 2);
    CHECK(counts().replies == 2);
    CHECK(counts().connects == 1);
    CHECK(counts().bytes_sent == (is_rtu() ? 16 : 24));
    CHECK(counts().bytes_received == (is_rtu() ? 18 : 26));
    CHECK(bench->link().address() == peer->address());
}

TEST_CASE_METHOD(link_fixture, "link: the longest answers arrive whole", "[modbus][link]")
{
    words many(125);
    for (std::size_t i = 0; i < many.size(); ++i)
        many[i] = static_cast<std::uint16_t>(i * 517);
    play([many](scripted_peer& p) { // a copy: the peer outlives this function's locals
        p.accept();
        serve(p, many);
    });
    check_values(bench->read({1, table::input_registers, 0, 125}), many);
    check_values(bench->read({1, table::coils, 0, 19}), words{0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1});
}

TEST_CASE_METHOD(link_fixture, "link: an exception is the device's own error", "[modbus][link]")
{
    play([](scripted_peer& p) {
        p.accept();
        p.send(p.frame(p.request(), hex("83 02")));
        serve(p, values);
    });
    check_error(bench->read(two), errc::illegal_data_address);
    check_values(bench->read(two), values);
    CHECK(counts().exceptions == 1);
    CHECK(counts().connects == 1);
}

TEST_CASE_METHOD(link_fixture, "link: silence is a timeout, and the connection stays", "[modbus][link]")
{
    play(
        [](scripted_peer& p) {
            p.accept();
            p.request();
            serve(p, values);
        },
        patient(no_answer));
    check_error(bench->read(two), errc::timeout);
    CHECK(bench->link().is_open());
    CHECK(counts().timeouts == 1);
}

TEST_CASE_METHOD(link_fixture, "link: a late answer that comes before the next request is dropped", "[modbus][link]")
{
    play(
        [](scripted_peer& p) {
            p.accept();
            auto const first = p.request();
            p.wait_for_go();
            p.send(p.answer(first, {7, 7}));
            p.mark();
            while (true)
                p.send(p.answer(p.request(), values));
        },
        patient(200ms));
    check_error(bench->read(two), errc::timeout);
    peer->go_on();
    REQUIRE(peer->wait_for_mark(1));
    check_values(bench->read(two), values);
}

TEST_CASE_METHOD(link_fixture, "link: a late answer that comes after the next request is a stranger", "[modbus][link]")
{
    play(
        [](scripted_peer& p) {
            p.accept();
            auto const first = p.request();
            auto const late = p.answer(first, {7, 7});
            auto const second = p.request();
            p.send(late + p.answer(second, values));
        },
        patient(200ms));
    check_error(bench->read(two), errc::timeout);
    check_values(bench->read(of_another_unit), values);
    CHECK(counts().strangers == 1);
}

TEST_CASE_METHOD(link_fixture, "link: an answer may trickle in byte by byte", "[modbus][link]")
{
    play([](scripted_peer& p) {
        p.accept();
        for (auto const b : p.answer(p.request(), values)) {
            p.send({b});
            p.pause(1ms);
        }
    });
    check_values(bench->read(two), values);
}

TEST_CASE_METHOD(link_fixture, "link: a broken answer is malformed, and the next one is read", "[modbus][link]")
{
    play([this](scripted_peer& p) {
        p.accept();
        p.send(broken_answer(p, kind, p.request()));
        if (!is_rtu())
            p.accept(); // a stream that lost its frames is given up
        serve(p, values);
    });
    check_error(bench->read(two), errc::malformed_reply);
    check_values(bench->read(two), values);
    CHECK(counts().malformed == 1);
    CHECK(counts().connects == (is_rtu() ? 1 : 2));
}

TEST_CASE_METHOD(link_fixture, "link: an answer sent twice is read once", "[modbus][link]")
{
    play([](scripted_peer& p) {
        p.accept();
        auto const first = p.request();
        p.send(p.answer(first, {1, 2}) + p.answer(first, {1, 2}));
        p.mark();
        p.send(p.answer(p.request(), values));
    });
    check_values(bench->read(two), words{1, 2});
    REQUIRE(peer->wait_for_mark(1));
    check_values(bench->read(of_another_unit), values);
}

TEST_CASE_METHOD(link_fixture, "link: an answer with more registers than were asked for is refused", "[modbus][link]")
{
    play(
        [](scripted_peer& p) {
            p.accept();
            p.request();
            p.send(p.frame(two, hex("03 06 00 01 00 02 00 03")));
            p.mark();
            serve(p, values);
        },
        patient(200ms));
    check_error(bench->read(two), is_rtu() ? errc::timeout : errc::malformed_reply);
    REQUIRE(peer->wait_for_mark(1));
    check_values(bench->read(two), values);
}

TEST_CASE_METHOD(link_fixture, "link: a flood of bytes is no answer", "[modbus][link]")
{
    play(
        [](scripted_peer& p) {
            p.accept();
            p.request();
            p.send(octets(2000, 0xFF));
        },
        patient(no_answer));
    check_error(bench->read(two), errc::malformed_reply);
}

TEST_CASE_METHOD(link_fixture, "link: too many strangers reopen the connection", "[modbus][link]")
{
    play([](scripted_peer& p) {
        p.accept();
        p.request();
        for (int i = 0; i < 8; ++i)
            p.send(p.answer(of_another_unit, {7, 7}));
        p.accept();
        serve(p, values);
    });
    check_error(bench->read(two), errc::malformed_reply);
    CHECK(counts().strangers == 8);
    CHECK_FALSE(bench->link().is_open());
    check_values(bench->read(two), values);
    CHECK(counts().connects == 2);
}

TEST_CASE_METHOD(link_fixture, "link: a request beyond the protocol's limits is not sent", "[modbus][link]")
{
    play([](scripted_peer& p) { p.accept(); });
    check_error(bench->read({1, table::holding_registers, 0, 126}), errc::bad_request);
    check_error(bench->read({1, table::holding_registers, 65535, 2}), errc::bad_request);
    if (is_rtu())
        check_error(bench->read({0, table::holding_registers, 0, 1}), errc::bad_request);
    CHECK(counts().connects == 0);
    CHECK(counts().requests == 0);
}

TEST_CASE_METHOD(link_fixture, "link: a local echo is skipped", "[modbus][link]")
{
    if (!is_rtu())
        return;
    auto timing = patient();
    timing.local_echo = true;
    play(
        [](scripted_peer& p) {
            p.accept();
            while (true) {
                auto const r = p.request();
                auto const pdu = encode_request(r);
                p.send(p.frame(r, {pdu.begin(), pdu.end()}) + p.answer(r, values));
            }
        },
        timing);
    check_values(bench->read(two), values);
    check_values(bench->read(two), values);
    CHECK(counts().strangers == 0);
}
