#include "agent/poll/link_agenda.hpp"

#include <catch2/catch.hpp>

#include <chrono>

using namespace kilnwatt;
using namespace kilnwatt::poll;
using namespace std::chrono_literals;
using task = link_agenda::task;

namespace {

stamp at(mono_time t)
{
    return {t, utc_time{t.time_since_epoch()}};
}

std::vector<poll_schedule> every(milliseconds period)
{
    return {poll_schedule{{.period = period}, at(mono_time{})}};
}

/// Plays a line on which an exchange takes 20 ms, or a timeout of 1 s when the device is silent.
std::vector<int> polls_in(link_agenda& agenda, std::vector<bool> const& silent, milliseconds span)
{
    std::vector<int> polls(silent.size());
    auto now = mono_time{};
    while (now < mono_time{span}) {
        auto const a = agenda.next(now);
        if (a.what == task::wait) {
            now = a.at;
            continue;
        }
        if (a.what == task::poll)
            agenda.started(a.device, a.group, at(now));
        if (silent[a.device]) {
            now += 1s;
            agenda.silent(a.device, now, 1s, 0.5);
        } else {
            now += 20ms;
            agenda.answered(a.device, now);
            ++polls[a.device];
        }
    }
    return polls;
}

} // namespace

TEST_CASE("link_agenda: a shared line is fair between its units", "[poll][link_agenda]")
{
    link_agenda agenda;
    for (int i = 0; i < 100; ++i) // 100 units of 20 ms: the line carries half of what they ask for
        agenda.add_device({.period = 1s}, every(1s));
    auto const polls = polls_in(agenda, std::vector<bool>(100), 100s);
    for (auto n : polls) {
        CHECK(n >= 48);
        CHECK(n <= 52);
    }
    CHECK(agenda.missed(7) > 40);
}

TEST_CASE("link_agenda: a dead device takes a tenth of the line, the others keep their period", "[poll][link_agenda]")
{
    link_agenda agenda;
    std::vector<bool> silent(10);
    silent[3] = silent[8] = true;
    for (std::size_t i = 0; i < silent.size(); ++i)
        agenda.add_device({.period = 5s}, every(5s));
    auto const polls = polls_in(agenda, silent, 1000s);
    for (std::size_t i = 0; i < silent.size(); ++i)
        if (!silent[i])
            CHECK(polls[i] >= 199);
    CHECK(agenda.state(3) == health::offline);
    CHECK(agenda.state(0) == health::online);
}

TEST_CASE("link_agenda: a device that is back is polled at once", "[poll][link_agenda]")
{
    link_agenda agenda;
    agenda.add_device({.period = 60s}, every(60s));
    auto now = mono_time{1s};
    agenda.started(0, 0, at(now));
    agenda.silent(0, now, 1s, 0);
    agenda.silent(0, now, 1s, 0);
    auto const probe = agenda.next(now);
    CHECK(probe.what == task::wait);
    CHECK(probe.at <= now + 2s);
    now = probe.at;
    CHECK(agenda.next(now).what == task::probe);
    CHECK(agenda.answered(0, now));
    CHECK(agenda.next(now).what == task::poll);
}

TEST_CASE("link_agenda: a link whose devices are all dead keeps probing within 2 s", "[poll][link_agenda]")
{
    link_agenda agenda;
    agenda.add_device({.period = 1s}, every(1s));
    auto now = mono_time{};
    for (int i = 0; i < 2; ++i)
        agenda.silent(0, now, 1s, 0);
    for (int i = 0; i < 20; ++i) {
        auto const a = agenda.next(now);
        REQUIRE(a.what == task::wait);
        REQUIRE(a.at - now <= 2s);
        now = a.at;
        REQUIRE(agenda.next(now).what == task::probe);
        now += 1s;
        agenda.silent(0, now, 1s, 0);
    }
}

namespace {

constexpr mono_time gone{3s};

/// Plays a link with one device, away from its third second until `back`: how long after `back` it is read.
milliseconds read_after_back(milliseconds period, milliseconds given_up_after, mono_time back)
{
    constexpr auto answer = 20ms;
    link_agenda agenda;
    agenda.add_device({.period = period}, every(period));
    auto now = mono_time{};
    auto last_probe = mono_time{-1s};
    for (;;) {
        auto const a = agenda.next(now);
        if (a.what == task::wait) {
            now = a.at;
            continue;
        }
        if (a.what == task::poll)
            agenda.started(a.device, a.group, at(now));
        if (now >= gone && now < back) { // asked while it is away: the question is lost
            if (a.what == task::probe) {
                CHECK(now - last_probe >= 1s);
                last_probe = now;
            }
            now += given_up_after;
            agenda.silent(a.device, now, given_up_after, 0.5);
            continue;
        }
        now += answer;
        agenda.answered(a.device, now);
        if (a.what == task::poll && now > back)
            return now - back;
    }
}

} // namespace

TEST_CASE(
    "link_agenda: a device back within the first minute is read within 2 s, after a late answer's time within 5 s",
    "[poll][link_agenda]")
{
    struct {
        milliseconds given_up_after, bound;
        char const* what;
    } const cases[] = {{0ms, 2s, "its host refuses the connection"},
                       {1000ms, 2s, "it is silent: the default response timeout"},
                       {2000ms, 5s, "it is silent on a serial line, where a late answer is waited for too"}};
    for (auto const& c : cases)
        for (auto const period : {milliseconds{100}, milliseconds{1'000}, milliseconds{2'500}}) {
            auto const known = gone + 2 * std::max(period, c.given_up_after); // to be away, after two polls
            auto longest = 0ms;
            for (auto back = known; back < gone + 60s; back += 37ms)
                longest = std::max(longest, read_after_back(period, c.given_up_after, back));
            INFO(c.what << ", period " << period.count() << " ms");
            CHECK(longest <= c.bound);
        }
}

TEST_CASE("link_agenda: a link without devices waits for the horizon", "[poll][link_agenda]")
{
    link_agenda agenda;
    auto const a = agenda.next(mono_time{5s}, 60s);
    CHECK(a.what == task::wait);
    CHECK(a.at == mono_time{65s});
}
