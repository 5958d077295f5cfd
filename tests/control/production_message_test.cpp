#include "agent/control/production_message.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;
using namespace kilnwatt::control;

namespace {

struct read_total {
    std::optional<double> total;
    std::string why;
};

read_total read(std::string const& payload, std::string_view key = "")
{
    read_total r;
    r.total = production_total(payload, key, r.why);
    return r;
}

} // namespace

TEST_CASE("production_message: a plain number or a member of JSON", "[control][production]")
{
    CHECK(read("12.5").total == 12.5);
    CHECK(read(" 7\r\n").total == 7);
    CHECK(read(R"({"total": 3})", "total").total == 3);
    CHECK(read(R"({"line": {"total": 4.25}})", "line.total").total == 4.25);
}

TEST_CASE("production_message: everything else is refused with its reason", "[control][production]")
{
    CHECK(read("").why == "a message that is no plain number");
    CHECK(read("12 t").why == "a message that is no plain number");
    CHECK(read("nan").why == "a total of nan, outside 0 to 1e+12");
    CHECK(read("-1").why == "a total of -1, outside 0 to 1e+12");
    CHECK(read("1e13").why == "a total of 1e+13, outside 0 to 1e+12");
    CHECK(read(R"({"total": "3"})", "total").why == "a message without a number 'total' in a JSON object");
    CHECK(read("{", "total").why == "a message without a number 'total' in a JSON object");
    CHECK(read("[3]", "total").why == "a message without a number 'total' in a JSON object");
    CHECK(read(std::string(5'000, '1')).why == "a message of 5000 bytes, more than 4096");
    CHECK(read(std::string(2'000, '[') + std::string(2'000, ']'), "a").why ==
          "a message without a number 'a' in a JSON object"); // nested too deep
}
