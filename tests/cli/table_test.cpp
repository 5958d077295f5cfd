#include "agent/cli/table.hpp"

#include <catch2/catch.hpp>

#include <sstream>

using namespace kilnwatt;
using namespace kilnwatt::cli;

namespace {

table small()
{
    table t{{{"point"}, {"value", true}}};
    t.add({std::string{"frequency"}, 50.02});
    t.add({std::string{"serial\tnumber\n"}, std::monostate{}});
    t.add({std::string{"counter"}, std::uint64_t{18'446'744'073'709'551'615U}});
    return t;
}

std::string printed(table const& t, bool terminal, bool json)
{
    std::ostringstream out;
    std::ostringstream err;
    streams io{out, err};
    io.out_is_terminal = terminal;
    t.print(io, json);
    CHECK(err.str().empty());
    return out.str();
}

} // namespace

TEST_CASE("table: a terminal sees aligned columns and dashes", "[cli][table]")
{
    CHECK(printed(small(), true, false) == "point                          value\n"
                                           "frequency                      50.02\n"
                                           "serial number                      -\n"
                                           "counter         18446744073709551615\n");
}

TEST_CASE("table: a pipe sees tabs, and no value can break a line", "[cli][table]")
{
    CHECK(printed(small(), false, false) ==
          "point\tvalue\nfrequency\t50.02\nserial number \t\ncounter\t18446744073709551615\n");
}

TEST_CASE("table: a JSON line a row keeps numbers numbers", "[cli][table]")
{
    CHECK(printed(small(), true, true) == "{\"point\":\"frequency\",\"value\":5.002E1}\n"
                                          "{\"point\":\"serial\\tnumber\\n\",\"value\":null}\n"
                                          "{\"point\":\"counter\",\"value\":18446744073709551615}\n");
}

TEST_CASE("table: headings are bold only where colour is allowed", "[cli][table]")
{
    CHECK(small().lines(true).front().find("\x1b[1m") == 0);
    CHECK(small().lines(false).front() == "point                          value");
}
