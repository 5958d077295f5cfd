#include "drivers/request_cost.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::drivers;
using namespace std::chrono_literals;

namespace {

read_range const ten{modbus::table::holding_registers, 100, 10};

link_cost line(int baud)
{
    return {.kind = link_kind::serial, .serial = {.baud = baud}};
}

} // namespace

TEST_CASE("request_cost: Modbus TCP counts header and PDU", "[drivers][request_cost]")
{
    auto const c = cost_of(ten, {.kind = link_kind::tcp, .request_gap = 20ms, .reaction = 5ms, .per_register = 200us});
    CHECK(c.bytes_sent == 12);
    CHECK(c.bytes_received == 29);
    CHECK(c.time == 27ms);
}

TEST_CASE("request_cost: a line counts characters and the silence around the answer", "[drivers][request_cost]")
{
    auto const c = cost_of(ten, line(9600));
    CHECK(c.bytes_sent == 8);
    CHECK(c.bytes_received == 25);
    // 33 characters and twice 3.5, of 10 bits each
    CHECK(c.time / 1us == 41'666);
    auto slower = line(9600);
    slower.request_gap = 50ms;
    CHECK(cost_of(ten, slower).time > c.time + 46ms);
    CHECK(cost_of({modbus::table::coils, 0, 17}, line(9600)).bytes_received == 8);
}

TEST_CASE("request_cost: the dearer a request beside a register, the wider a gap is read", "[drivers][request_cost]")
{
    CHECK(worthwhile_gap(line(9600)) == 10); // 13 + 7 characters against 2
    CHECK(worthwhile_gap(with_usual_device(line(9600))) == 19);
    CHECK(worthwhile_gap(with_usual_device(line(1200))) == 11);
    CHECK(worthwhile_gap(with_usual_device({.kind = link_kind::tcp})) == 25);
    CHECK(worthwhile_gap({.kind = link_kind::tcp}) == 0);
    CHECK(worthwhile_gap({.kind = link_kind::tcp, .request_gap = 1s}) == gap_max);
}
