#include "drivers/device.hpp"
#include "tests/drivers/register_link.hpp"
#include "tests/support/allocation_count.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::drivers;

namespace {

/// How often one read of so many points asks for memory, once the device is known.
std::size_t allocations_of_a_read(std::size_t points)
{
    profile p;
    p.id = "meter";
    register_link link;
    for (std::uint16_t i = 0; i < points; ++i) {
        point q;
        q.name = "vendor.p" + std::to_string(i);
        q.address = i;
        q.poll = poll_class::fast;
        p.points.push_back(std::move(q));
        link.put(i, {i});
    }
    device d{"meter", 1, std::move(p)};
    plant_clock const clock;
    link.asked.reserve(8);
    auto const read = [&] {
        auto const r = run(d.read(link, poll_class::fast, clock));
        return r.has_value() && r->cells.size() == points && r->cells.back().present;
    };
    CHECK(read());
    auto const before = test::allocations();
    CHECK(read());
    return test::allocations() - before;
}

} // namespace

TEST_CASE("device: in steady state a reading allocates nothing: a read of 100 points costs what one of 10 costs",
          "[drivers][device][allocation]")
{
    auto const ten = allocations_of_a_read(10);
    CHECK(ten > 0); // the row itself, the coroutines of the one request
    CHECK(allocations_of_a_read(100) == ten);
}
