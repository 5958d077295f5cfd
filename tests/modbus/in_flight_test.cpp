#include "link_bench.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>

using namespace kilnwatt;
using namespace kilnwatt::modbus;
using namespace std::chrono_literals;

/// Several requests of one link under way at once.
namespace {

link_timing three_at_once()
{
    auto t = patient();
    t.max_in_flight = 3;
    return t;
}

/// Three reads of a register each, at addresses 0, 10 and 20.
struct three_reads {
    std::array<std::uint16_t, 3> words{};
    std::array<read_job, 3> jobs{};

    three_reads()
    {
        for (std::size_t i = 0; i < jobs.size(); ++i)
            jobs[i] = {{1, table::holding_registers, static_cast<std::uint16_t>(10 * i), 1}, {&words[i], 1}};
    }
};

} // namespace

TEST_CASE("link: requests are sent before the first is answered, and answers come in any order", "[modbus][in_flight]")
{
    scripted_peer peer{link_kind::tcp, [](scripted_peer& p) {
                           p.accept();
                           std::vector<octets> answers;
                           for (int i = 0; i < 3; ++i) { // waits for all three before it says anything
                               auto const r = p.request();
                               answers.push_back(p.answer(r, {static_cast<std::uint16_t>(r.address + 1)}));
                           }
                           p.send(answers[2]);
                           p.send(answers[0] + answers[1]);
                       }};
    link_bench bench{peer.address(), three_at_once()};
    REQUIRE(bench.link().in_flight_max() == 3);
    three_reads reads;
    bench.read_together(reads.jobs);
    CHECK(std::none_of(reads.jobs.begin(), reads.jobs.end(), [](read_job const& j) { return j.error.failed(); }));
    CHECK(reads.words == std::array<std::uint16_t, 3>{1, 11, 21});
    CHECK(bench.link().statistics().replies == 3);
}

TEST_CASE("link: of requests under way the silent one alone times out, and its late answer is a stranger",
          "[modbus][in_flight]")
{
    scripted_peer peer{link_kind::tcp, [](scripted_peer& p) {
                           p.accept();
                           std::vector<octets> answers;
                           for (std::uint16_t i = 0; i < 3; ++i)
                               answers.push_back(p.answer(p.request(), {i}));
                           p.send(answers[0] + answers[2]);
                           auto const next = p.request();
                           p.send(answers[1] + p.answer(next, {42}));
                       }};
    auto timing = three_at_once();
    timing.response_timeout = 100ms;
    link_bench bench{peer.address(), timing};
    three_reads reads;
    bench.read_together(reads.jobs);
    CHECK_FALSE(reads.jobs[0].error);
    CHECK(reads.jobs[1].error == errc::timeout);
    CHECK_FALSE(reads.jobs[2].error);
    auto const next = bench.read({1, table::holding_registers, 10, 1});
    REQUIRE(next.has_value());
    CHECK(*next == std::vector<std::uint16_t>{42});
    CHECK(bench.link().statistics().strangers == 1);
}

TEST_CASE("link: a connection that breaks fails what is not answered, and the next read makes it anew",
          "[modbus][in_flight]")
{
    scripted_peer peer{link_kind::tcp, [](scripted_peer& p) {
                           p.accept();
                           auto const first = p.request();
                           p.request();
                           p.request();
                           p.send(p.frame(first, {0x83, 2}));
                           p.hang_up();
                           p.accept();
                           p.send(p.answer(p.request(), {42}));
                       }};
    link_bench bench{peer.address(), three_at_once()};
    three_reads reads;
    bench.read_together(reads.jobs);
    for (auto const& job : reads.jobs)
        CHECK(job.error.failed());
    CHECK(bench.read({1, table::holding_registers, 10, 1}).has_value());
}

TEST_CASE("link: where answers do not name their request only one is under way", "[modbus][in_flight]")
{
    auto const kind = GENERATE(link_kind::tcp, link_kind::rtu_over_tcp, link_kind::serial);
    auto timing = three_at_once();
    timing.lenient_transaction_id = true;
    scripted_peer peer{kind, [](scripted_peer& p) {
                           p.accept();
                           while (true) {
                               auto const r = p.request();
                               p.send(p.answer(r, {static_cast<std::uint16_t>(r.address + 1)}));
                           }
                       }};
    link_bench bench{peer.address(), timing};
    CHECK(bench.link().in_flight_max() == 1);
    three_reads reads;
    auto const first = std::span{reads.jobs}.first(1);
    bench.read_together(first);
    CHECK_FALSE(first[0].error);
    CHECK(reads.words[0] == 1);
}
