#include "protocols/modbus/deadline_list.hpp"

#include <boost/asio/io_context.hpp>

#include <catch2/catch.hpp>

#include <optional>
#include <vector>

using namespace kilnwatt::modbus;
using namespace std::chrono_literals;
using guard = deadline_list::guard;

namespace {

struct fixture {
    boost::asio::io_context context;
    std::optional<deadline_list> list{context.get_executor()};
    std::vector<int> expired;
    deadline_list::clock::time_point start = deadline_list::clock::now();

    guard arm(std::chrono::milliseconds after, int id)
    {
        return list->arm(start + after, [this, id] { expired.push_back(id); });
    }
};

} // namespace

TEST_CASE_METHOD(fixture, "deadline_list: deadlines expire in order, never early", "[modbus][deadline_list]")
{
    auto const late = arm(45ms, 3);
    auto const early = arm(5ms, 1);
    auto const middle = arm(25ms, 2);
    auto never_early = true;
    auto const watched = list->arm(start + 30ms, [&] { never_early = deadline_list::clock::now() >= start + 30ms; });
    context.run();
    CHECK(expired == std::vector{1, 2, 3});
    CHECK(never_early);
    CHECK(list->size() == 0);
}

TEST_CASE_METHOD(fixture, "deadline_list: a guard that goes disarms", "[modbus][deadline_list]")
{
    {
        auto const gone = arm(5ms, 1);
        CHECK(list->size() == 1);
    }
    CHECK(list->size() == 0);
    auto const stays = arm(10ms, 2);
    context.run();
    CHECK(expired == std::vector{2});
}

TEST_CASE_METHOD(fixture, "deadline_list: a moved guard keeps its deadline", "[modbus][deadline_list]")
{
    guard kept;
    {
        auto first = arm(5ms, 1);
        kept = std::move(first);
        first.disarm();
    }
    guard other = arm(15ms, 2);
    guard const constructed = std::move(other);
    CHECK(list->size() == 2);
    kept = guard{};
    CHECK(list->size() == 1);
    context.run();
    CHECK(expired == std::vector{2});
}

TEST_CASE_METHOD(fixture, "deadline_list: a handler may arm and disarm", "[modbus][deadline_list]")
{
    guard second;
    auto doomed = arm(40ms, 9); // a slot of its own
    auto const first = list->arm(start + 5ms, [&] {
        doomed.disarm();
        second = arm(20ms, 2);
    });
    context.run();
    CHECK(expired == std::vector{2});
}

TEST_CASE_METHOD(fixture, "deadline_list: deadlines of one slot expire together", "[modbus][deadline_list]")
{
    auto const slot = deadline_list::clock::time_point{
        std::chrono::ceil<std::chrono::duration<std::int64_t, std::centi>>((start + 20ms).time_since_epoch())};
    std::vector<guard> guards;
    for (int i = 0; i < 10; ++i)
        guards.push_back(list->arm(slot - std::chrono::milliseconds{9 - i}, [this, i] { expired.push_back(i); }));
    context.run_one();
    CHECK(expired.size() == 10);
}

TEST_CASE_METHOD(fixture, "deadline_list: a list that goes leaves its guards harmless", "[modbus][deadline_list]")
{
    auto armed = arm(1ms, 1);
    list.reset();
    armed.disarm();
    context.run();
    CHECK(expired.empty());
}
