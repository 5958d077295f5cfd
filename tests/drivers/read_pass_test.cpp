#include "drivers/read_pass.hpp"

#include "drivers/decode.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <set>

using namespace kilnwatt;
using namespace kilnwatt::drivers;

namespace {

struct pass_result {
    int requests = 0;
    int refused = 0;
    std::set<std::size_t> read;
};

/// A device that lacks some registers and refuses requests over some lines and above a length.
struct fake_device {
    std::set<int> missing;
    std::set<int> lines;
    int count_max = 125;

    bool answers(read_range const& r) const
    {
        for (int a = r.address; a < r.address + r.count; ++a)
            if (missing.contains(a) || (a > r.address && lines.contains(a)))
                return false;
        return r.count <= count_max;
    }
};

pass_result run_pass(std::vector<point> const& points, request_limits limits, std::vector<read_range>& holes,
                     fake_device const& device)
{
    pass_result result;
    auto const plan = make_read_plan(points, limits, holes);
    read_pass pass{points, limits, plan, holes};
    while (auto const request = pass.next()) {
        ++result.requests;
        if (device.answers(request->range)) {
            result.read.insert(request->points.begin(), request->points.end());
            pass.answered(*request);
        } else {
            ++result.refused;
            pass.refused(*request);
        }
    }
    return result;
}

std::vector<point> row_of_points(int n, int stride = 1)
{
    std::vector<point> points;
    for (int i = 0; i < n; ++i) {
        point p;
        p.name = "vendor.p" + std::to_string(i);
        p.address = static_cast<std::uint16_t>(1000 + i * stride);
        points.push_back(std::move(p));
    }
    return points;
}

} // namespace

TEST_CASE("read_pass: one missing register among a hundred is found by halving", "[drivers][read_pass]")
{
    auto const points = row_of_points(100);
    std::vector<read_range> holes;
    fake_device const device{.missing = {1042}};
    auto const first = run_pass(points, {}, holes, device);
    CHECK(first.read.size() == 99);
    CHECK(first.refused <= 8);
    CHECK(first.requests <= 18);
    CHECK(holes == std::vector{read_range{modbus::table::holding_registers, 1042, 1}});

    auto const second = run_pass(points, {}, holes, device);
    CHECK(second.requests == 2);
    CHECK(second.refused == 0);
    CHECK(second.read.size() == 99);
}

TEST_CASE("read_pass: a gap that cannot be read over is remembered, and no point is lost", "[drivers][read_pass]")
{
    auto const points = row_of_points(10, 4);
    std::vector<read_range> holes;
    fake_device const device{.missing = {1009}};
    CHECK(run_pass(points, {}, holes, device).read.size() == 10);
    CHECK(holes == std::vector{read_range{modbus::table::holding_registers, 1009, 3}});
    auto const second = run_pass(points, {}, holes, device);
    CHECK(second.requests == 2);
    CHECK(second.refused == 0);
}

TEST_CASE("read_pass: a device that takes only short requests is asked shorter ones", "[drivers][read_pass]")
{
    auto const points = row_of_points(60);
    std::vector<read_range> holes;
    fake_device const device{.count_max = 16};
    CHECK(run_pass(points, {}, holes, device).read.size() == 60);
    auto const second = run_pass(points, {}, holes, device);
    CHECK(second.refused == 0);
    CHECK(second.requests == 4);
}

TEST_CASE("read_pass: a refused function is not halved", "[drivers][read_pass]")
{
    auto const points = row_of_points(40);
    std::vector<read_range> holes;
    auto const plan = make_read_plan(points, {}, holes);
    read_pass pass{points, {}, plan, holes};
    auto const request = pass.next();
    REQUIRE(request != nullptr);
    pass.refused_function(*request);
    CHECK(pass.next() == nullptr);
    CHECK(pass.has_learned());
    CHECK(make_read_plan(points, {}, holes).requests.empty());
}

TEST_CASE("read_pass: an answer without refusal costs nothing more than the plan", "[drivers][read_pass]")
{
    auto const points = row_of_points(300);
    std::vector<read_range> holes;
    auto const result = run_pass(points, {}, holes, {});
    CHECK(result.requests == 3);
    CHECK(holes.empty());
}

TEST_CASE("read_pass: whatever is missing, the second pass is refused nothing and reads all there is",
          "[drivers][read_pass]")
{
    std::mt19937 random{3};
    auto const pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    for (int round = 0; round < 3000; ++round) {
        std::vector<point> points;
        int address = 100;
        for (int i = 0; i < 40; ++i) {
            point p;
            p.name = "vendor.p" + std::to_string(i);
            p.type = pick(3) == 0 ? point_type::u32 : point_type::u16;
            p.registers = registers_of(p.type);
            p.address = static_cast<std::uint16_t>(address);
            address += p.registers + (pick(4) == 0 ? pick(12) : 0);
            if (i > 0 && pick(8) == 0)
                p.exponent = "vendor.p0";
            points.push_back(std::move(p));
        }
        fake_device device;
        for (int i = pick(5); i > 0; --i)
            device.missing.insert(100 + pick(address - 100));
        for (int i = pick(2); i > 0; --i)
            device.lines.insert(points[static_cast<std::size_t>(pick(40))].address);
        std::set<std::size_t> readable;
        for (std::size_t i = 0; i < points.size(); ++i)
            if (device.answers(range_of(points[i])))
                readable.insert(i);

        std::vector<read_range> holes;
        auto const first = run_pass(points, {}, holes, device);
        REQUIRE(first.read == readable);
        auto const second = run_pass(points, {}, holes, device);
        REQUIRE(second.refused == 0);
        REQUIRE(second.read == readable);
    }
}

TEST_CASE("read_pass: a device that refuses everything is left after a bounded number of requests",
          "[drivers][read_pass]")
{
    auto const points = row_of_points(500, 3);
    std::vector<read_range> holes;
    fake_device const device{.count_max = 0};
    auto const first = run_pass(points, {}, holes, device);
    CHECK(first.requests <= read_pass::extra_requests_max + 16);
    for (int pass = 0; pass < 20; ++pass)
        run_pass(points, {}, holes, device);
    CHECK(run_pass(points, {}, holes, device).requests == 0);
}
