#include "link_fixture.hpp"

using namespace kilnwatt;
using namespace kilnwatt::modbus;
using namespace std::chrono_literals;

/// How every kind of link opens, closes, is closed and is cancelled.
namespace {

using words = std::vector<std::uint16_t>;

read_request const two{1, table::holding_registers, 100, 2};
read_request const of_another_unit{2, table::holding_registers, 100, 2};
words const values{0x0D0A, 0x1113}; // bytes a terminal likes to translate

} // namespace

TEST_CASE_METHOD(link_fixture, "link: half an answer and a closed connection is an error", "[modbus][link]")
{
    play([](scripted_peer& p) {
        p.accept();
        auto const frame = p.answer(p.request(), values);
        p.send({frame.begin(), frame.begin() + 5});
        p.wait_for_go();
        p.hang_up();
        p.accept();
        p.mark();
        serve(p, values);
    });
    auto const got = bench->read_while(two, [this](auto) { peer->go_on(); });
    check_error(got, is_serial() ? errc::port_missing : errc::connection_lost);
    CHECK_FALSE(bench->link().is_open());
    if (is_serial())
        REQUIRE(peer->wait_for_mark(1));
    check_values(bench->read(two), values);
}

TEST_CASE_METHOD(link_fixture, "link: a connection closed while idle is made anew, and that is no error",
                 "[modbus][link]")
{
    play([](scripted_peer& p) {
        p.accept();
        p.send(p.answer(p.request(), values));
        p.wait_for_go();
        p.hang_up();
        p.mark();
        p.accept();
        p.mark();
        serve(p, {3, 4});
    });
    check_values(bench->read(two), values);
    peer->go_on();
    REQUIRE(peer->wait_for_mark(is_serial() ? 2 : 1));
    check_values(bench->read(two), words{3, 4});
    CHECK(counts().connects == 2);
    CHECK(counts().timeouts == 0);
}

TEST_CASE_METHOD(link_fixture, "link: a connection closed instead of an answer is tried once more, not for ever",
                 "[modbus][link]")
{
    play([](scripted_peer& p) {
        p.accept();
        p.send(p.answer(p.request(), values));
        for (int i = 0; i < 2; ++i) {
            p.request();
            p.hang_up();
            p.accept();
        }
        p.mark();
    });
    check_values(bench->read(two), values);
    auto const got = bench->read(two);
    check_error(got, is_serial() ? errc::port_missing : errc::connection_lost);
}

TEST_CASE_METHOD(link_fixture, "link: nobody there is an error that is known for connect_interval", "[modbus][link]")
{
    link_address nowhere;
    {
        scripted_peer const gone{kind, [](scripted_peer&) {}};
        nowhere = gone.address();
    }
    auto timing = patient();
    timing.connect_interval = 1h;
    link_bench alone{nowhere, timing};
    auto const expected = is_serial() ? errc::port_missing : errc::connect_failed;
    check_error(alone.read(two), expected);
    check_error(alone.read(two), expected);
    CHECK(alone.link().statistics().requests == 0);
}

TEST_CASE_METHOD(link_fixture, "link: cancellation ends a read, and the link can be used on", "[modbus][link]")
{
    play(
        [](scripted_peer& p) {
            p.accept();
            p.request();
            p.mark();
            serve(p, values);
        },
        patient(300ms));
    auto const got = bench->read_while(two, [this](std::function<void()> const& cancel) {
        CHECK(peer->wait_for_mark(0));
        cancel();
    });
    check_error(got, errc::cancelled);
    CHECK(counts().timeouts == 0);
}

TEST_CASE_METHOD(link_fixture, "link: cancellation while the answer is awaited leaves the link usable",
                 "[modbus][link]")
{
    play(
        [](scripted_peer& p) {
            p.accept();
            p.send(p.answer(p.request(), values));
            p.request();
            p.mark();
            serve(p, {5, 6});
        },
        patient(500ms));
    check_values(bench->read(two), values);
    auto const got = bench->read_while(two, [this](std::function<void()> const& cancel) {
        CHECK(peer->wait_for_mark(1)); // the request has arrived, the answer has not
        cancel();
    });
    check_error(got, errc::cancelled);
    check_values(bench->read(of_another_unit), words{5, 6});
}

TEST_CASE_METHOD(link_fixture, "link: close() ends a read under way and the next one opens again", "[modbus][link]")
{
    play([](scripted_peer& p) {
        p.accept();
        p.send(p.answer(p.request(), values));
        p.request();
        p.mark();
        p.accept();
        serve(p, {5, 6});
    });
    check_values(bench->read(two), values);
    auto const got = bench->read_while(two, [this](auto) {
        CHECK(peer->wait_for_mark(1));
        bench->link().close();
    });
    check_error(got, errc::cancelled);
    check_values(bench->read(of_another_unit), words{5, 6});
    CHECK(counts().connects == 2);
}

TEST_CASE_METHOD(link_fixture, "link: a connection idle for idle_close is closed", "[modbus][link]")
{
    auto timing = patient();
    timing.idle_close = 20ms;
    play(
        [this](scripted_peer& p) {
            p.accept();
            p.send(p.answer(p.request(), values));
            p.wait_for_go();
            p.accept();
            serve(p, values);
        },
        timing);
    check_values(bench->read(two), values);
    CHECK(bench->link().is_open());
    bench->run_until([this] { return !bench->link().is_open(); });
    peer->go_on();
    check_values(bench->read(two), values);
    CHECK(counts().connects == 2);
}
