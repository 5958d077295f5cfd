#include "link_bench.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <iomanip>
#include <memory>
#include <optional>
#include <sstream>
#include <string_view>

using namespace kilnwatt;
using namespace kilnwatt::modbus;
using namespace std::chrono_literals;

/// Every fault of the field on every kind of link: each gives one clear cause, and the next poll is right. The test
/// prints the table.
namespace {

using words = std::vector<std::uint16_t>;
using causes = std::array<std::optional<errc>, 3>; ///< by kind of link; nothing = no error at all

read_request const asked{1, table::holding_registers, 100, 2};
read_request const asked_next{2, table::holding_registers, 100, 2};
words const values{0x0D0A, 0x1113};
words const next_values{3, 4};

struct fault {
    std::string name;
    causes expected;
    std::function<void(scripted_peer&, link_kind)> play;
    std::chrono::milliseconds timeout = answer_comes;
};

std::string_view short_name(errc e)
{
    switch (e) {
    case errc::timeout:
        return "timeout";
    case errc::malformed_reply:
        return "malformed reply";
    case errc::connect_failed:
        return "connect failed";
    case errc::connection_lost:
        return "connection lost";
    case errc::port_missing:
        return "port missing";
    case errc::not_modbus:
        return "not Modbus";
    case errc::acknowledge:
        return "later";
    case errc::device_busy:
        return "busy";
    case errc::gateway_path_unavailable:
        return "no path";
    case errc::gateway_target_failed:
        return "unit is silent";
    default:
        return "?";
    }
}

causes always(errc e)
{
    return {e, e, e};
}

void serve_next(scripted_peer& p)
{
    while (true)
        p.send(p.answer(p.request(), next_values));
}

/// What cannot be an answer to anybody, in the framing of the link.
octets broken_answer(scripted_peer& p, link_kind kind)
{
    auto frame = p.answer(p.request(), values);
    if (kind == link_kind::tcp)
        frame[3] = 1; // protocol id
    else
        frame.back() ^= 1; // CRC
    return frame;
}

/// The peer goes away and comes back.
void vanish(scripted_peer& p)
{
    p.hang_up();
    p.accept();
}

fault exception(int code, errc e)
{
    return {"exception " + std::to_string(code), always(e), [code](scripted_peer& p, link_kind) {
                p.send(p.frame(p.request(), {0x83, static_cast<std::uint8_t>(code)}));
            }};
}

std::vector<fault> faults()
{
    octets const http_answer = [] {
        std::string const text = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
        return octets{text.begin(), text.end()};
    }();
    auto const reopened_by_tcp = [](scripted_peer& p, link_kind kind) {
        if (kind == link_kind::tcp) // a stream that lost its frames is given up
            p.accept();
    };
    causes const none{};
    causes const torn{errc::connection_lost, errc::connection_lost, errc::port_missing};
    causes const cut{errc::timeout, errc::malformed_reply, errc::malformed_reply};
    causes const longer{errc::malformed_reply, errc::timeout, errc::timeout};
    return {
        {"accepted, then silent", always(errc::timeout), [](auto& p, auto) { p.request(); }, no_answer},
        {"cut off after 5 bytes", cut,
         [=](auto& p, auto kind) {
             auto const frame = p.answer(p.request(), values);
             p.send({frame.begin(), frame.begin() + 5});
             reopened_by_tcp(p, kind);
         },
         no_answer},
        {"byte by byte", none,
         [](auto& p, auto) {
             for (auto const b : p.answer(p.request(), values)) {
                 p.send({b});
                 p.pause(1ms);
             }
         }},
        {"garbage", always(errc::malformed_reply),
         [=](auto& p, auto kind) {
             p.request();
             p.send(octets(20, 0x55));
             reopened_by_tcp(p, kind);
         },
         no_answer},
        {"wrong CRC or header", always(errc::malformed_reply),
         [=](auto& p, auto kind) {
             p.send(broken_answer(p, kind));
             reopened_by_tcp(p, kind);
         }},
        {"answered twice", none,
         [](auto& p, auto) {
             auto const answer = p.answer(p.request(), values);
             p.send(answer + answer);
         }},
        {"more registers than asked", longer,
         [](auto& p, auto) {
             p.request();
             p.send(p.frame(asked, hex("03 06 00 01 00 02 00 03")));
         },
         no_answer},
        {"a flood of bytes", always(errc::malformed_reply),
         [=](auto& p, auto kind) {
             p.request();
             p.send(octets(1000, 0xFF));
             reopened_by_tcp(p, kind);
         },
         no_answer},
        {"half a frame, then closed", torn,
         [](auto& p, auto) {
             auto const frame = p.answer(p.request(), values);
             p.send({frame.begin(), frame.begin() + 5});
             p.pause(100ms);
             vanish(p);
         }},
        {"closed while idle", none,
         [](auto& p, auto) {
             p.send(p.answer(p.request(), values));
             p.wait_for_go();
             vanish(p);
         }},
        {"another unit answers", none,
         [](auto& p, auto) {
             auto const r = p.request();
             p.send(p.answer(asked_next, {7, 7}) + p.answer(r, values));
         }},
        {"only others answer", always(errc::malformed_reply),
         [](auto& p, auto) {
             p.request();
             for (int i = 0; i < 8; ++i)
                 p.send(p.answer(asked_next, {7, 7}));
             p.accept();
         }},
        {"answered too late", always(errc::timeout),
         [](auto& p, auto) {
             auto const late = p.answer(p.request(), {7, 7});
             p.send(late + p.answer(p.request(), next_values));
         },
         200ms},
        {"an HTTP server", always(errc::not_modbus),
         [=](auto& p, auto) {
             p.request();
             p.send(http_answer);
             p.accept();
         }},
        exception(5, errc::acknowledge),
        exception(6, errc::device_busy),
        exception(10, errc::gateway_path_unavailable),
        exception(11, errc::gateway_target_failed),
    };
}

/// Plays one fault on one link; what came of it, for the table.
std::string outcome_of(fault const& f, link_kind kind)
{
    scripted_peer peer{kind, [&f, kind](scripted_peer& p) {
                           p.accept();
                           f.play(p, kind);
                           p.mark();
                           serve_next(p);
                       }};
    link_bench bench{peer.address(), patient(f.timeout)};
    auto const first = bench.read(asked);
    auto const expected = f.expected.at(static_cast<std::size_t>(kind));
    INFO("first: " << (first.has_error() ? first.error().message() : std::string{"values"}));
    if (expected) {
        REQUIRE(first.has_error());
        CHECK(first.error() == *expected);
    } else {
        REQUIRE(first.has_value());
        CHECK(*first == values);
    }
    peer.go_on();
    if (kind == link_kind::serial && f.name != "answered too late")
        REQUIRE(peer.wait_for_mark(1));
    auto const next = bench.read(asked_next);
    INFO("next: " << (next.has_error() ? next.error().message() : std::string{"values"}));
    REQUIRE(next.has_value());
    CHECK(*next == next_values);
    return std::string{expected ? short_name(*expected) : "read"};
}

/// Nobody at the address.
std::string outcome_of_nobody(link_kind kind)
{
    link_address nowhere;
    {
        scripted_peer const gone{kind, [](scripted_peer&) {}};
        nowhere = gone.address();
    }
    link_bench bench{nowhere, patient()};
    auto const got = bench.read(asked);
    REQUIRE(got.has_error());
    auto const expected = kind == link_kind::serial ? errc::port_missing : errc::connect_failed;
    CHECK(got.error() == expected);
    return std::string{short_name(expected)};
}

} // namespace

TEST_CASE("link: every fault on every link has one clear cause, and the next poll is right", "[modbus][link][fault]")
{
    std::array const kinds{link_kind::tcp, link_kind::rtu_over_tcp, link_kind::serial};
    std::ostringstream matrix;
    auto const line = [&matrix](std::string const& name, std::array<std::string, 3> const& cells) {
        matrix << std::left << std::setw(27) << name;
        for (auto const& c : cells)
            matrix << std::setw(17) << c;
        matrix << '\n';
    };
    line("FAULT", {"TCP", "RTU over TCP", "serial"});
    line("nobody there", {outcome_of_nobody(kinds[0]), outcome_of_nobody(kinds[1]), outcome_of_nobody(kinds[2])});
    for (auto const& f : faults()) {
        std::array<std::string, 3> cells;
        for (std::size_t k = 0; k < kinds.size(); ++k) {
            INFO(f.name << " on link kind " << k);
            cells[k] = outcome_of(f, kinds[k]);
        }
        line(f.name, cells);
    }
    WARN("\n" << matrix.str());
}
