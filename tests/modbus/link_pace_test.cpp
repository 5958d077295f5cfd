#include "protocols/modbus/line_time.hpp"
#include "protocols/modbus/link_pace.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::modbus;
using namespace std::chrono_literals;

namespace {

link_pace::clock::time_point const t0{1h};
read_request const a{1, table::holding_registers, 0, 10};
read_request const b{2, table::holding_registers, 0, 10};

} // namespace

TEST_CASE("link_pace: the first connect goes out at once", "[modbus][link_pace]")
{
    link_pace const pace{{.connect_interval = 1s}, 0ms, false};
    CHECK(pace.until_connect(t0) == 0ms);
}

TEST_CASE("link_pace: two connects keep their distance", "[modbus][link_pace]")
{
    link_pace pace{{.connect_interval = 1s}, 0ms, false};
    pace.connected(t0);
    CHECK(pace.until_connect(t0 + 300ms) == 700ms);
    CHECK(pace.until_connect(t0 + 1s) == 0ms);

    SECTION("and one that failed is not waited for")
    {
        pace.connect_failed(t0 + 1s);
        CHECK_FALSE(pace.until_connect(t0 + 1900ms).has_value());
        CHECK(pace.until_connect(t0 + 2s) == 0ms);
    }
}

TEST_CASE("link_pace: requests keep the gap after an answer and the delay after a connect", "[modbus][link_pace]")
{
    link_pace pace{{.connect_delay = 500ms, .request_gap = 20ms}, 5ms, false};
    pace.connected(t0);
    CHECK(pace.send_at(shape_of(a)) == t0 + 500ms);
    pace.ended(a.unit, t0 + 600ms);
    CHECK(pace.send_at(shape_of(a)) == t0 + 620ms);

    SECTION("the line's own gap counts when it is longer")
    {
        link_pace line{{.request_gap = 2ms}, 5ms, true};
        line.ended(a.unit, t0);
        CHECK(line.send_at(shape_of(a)) == t0 + 5ms);
    }
}

TEST_CASE("link_pace: another unit of a line waits longer than the same one", "[modbus][link_pace]")
{
    link_pace pace{{.request_gap = 20ms, .unit_gap = 100ms}, 5ms, true};
    auto another = a;
    ++another.unit;
    pace.ended(a.unit, t0);
    CHECK(pace.send_at(shape_of(a)) == t0 + 20ms);
    CHECK(pace.send_at(shape_of(another)) == t0 + 100ms);
    pace.ended(another.unit, t0 + 200ms);
    CHECK(pace.send_at(shape_of(a)) == t0 + 300ms);
}

TEST_CASE("link_pace: after a timeout the same kind of request waits out a late answer", "[modbus][link_pace]")
{
    auto other_table = a;
    other_table.from = table::input_registers;
    auto other_count = a;
    other_count.count = 3; // an exception that comes late would fit

    link_pace line{{.response_timeout = 300ms}, 0ms, true};
    line.unanswered(shape_of(a), t0);
    CHECK(line.send_at(shape_of(a)) == t0 + 300ms);
    CHECK(line.send_at(shape_of(other_count)) == t0 + 300ms);
    CHECK(line.send_at(shape_of(other_table)) == t0);
    CHECK(line.send_at(shape_of(b)) == t0);

    link_pace transactions{{.response_timeout = 300ms}, 0ms, false};
    transactions.unanswered(shape_of(a), t0);
    CHECK(transactions.send_at(shape_of(a)) == t0);
}

TEST_CASE("line_time: characters and gaps of a serial line", "[modbus][line_time]")
{
    serial_format const even{9600, 'E', 8, 1};
    CHECK(line_time(even, 96) == 110ms);
    serial_format const none{19200, 'N', 8, 1};
    CHECK(line_time(none, 192) == 100ms);
    CHECK(frame_gap({19200, 'E', 8, 1}) > 2ms);
    CHECK(frame_gap({19200, 'E', 8, 1}) < 2006us);
    CHECK(frame_gap({38400, 'E', 8, 1}) == 1750us);
    CHECK(frame_gap({115200, 'N', 8, 1}) == 1750us);
}
