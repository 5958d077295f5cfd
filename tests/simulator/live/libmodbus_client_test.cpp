#include "running_plant.hpp"

#include <modbus/modbus.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <memory>

using namespace kilnwatt;
using namespace kilnwatt::simulator;

namespace {

struct close_and_free {
    void operator()(modbus_t* c) const
    {
        modbus_close(c);
        modbus_free(c);
    }
};
using client = std::unique_ptr<modbus_t, close_and_free>;

client connected(modbus_t* made, int unit)
{
    client c{made};
    REQUIRE(c);
    REQUIRE(modbus_set_slave(c.get(), unit) == 0);
    REQUIRE(modbus_set_response_timeout(c.get(), 5, 0) == 0);
    REQUIRE(modbus_connect(c.get()) == 0);
    return c;
}

plant truth_at_noon(std::uint64_t seed)
{
    return plant{seed, noon};
}

/// A register type each of the plant's PLC, read by function 3 and 4, and two kinds of bits.
drivers::profile plc_profile(std::string const& line)
{
    auto document = config::read_text("points = [" + line + "]\n", "plc");
    drivers::profile p;
    p.points = drivers::read_points(document.root, "points");
    REQUIRE(document.found->empty());
    return p;
}

} // namespace

TEST_CASE("plant_server: a stranger's client reads our TCP server", "[simulator][live]")
{
    auto const port = free_port();
    running_plant const served{
        {.clock = clock_at_noon(), .seed = 31, .devices = {device_of("grid-meter", tcp_address(port), 1)}}};
    auto const truth = truth_at_noon(31);
    auto const c = connected(modbus_new_tcp("127.0.0.1", port), 1);
    std::array<std::uint16_t, 125> words{};
    REQUIRE(modbus_read_registers(c.get(), 19026, 2, words.data()) == 2);
    CHECK(modbus_get_float_abcd(words.data()) == Approx(truth.state().grid.p_w).epsilon(1e-6));
    REQUIRE(modbus_read_registers(c.get(), 19068, 2, words.data()) == 2);
    CHECK(modbus_get_float_abcd(words.data()) == Approx(truth.counter(quantity::grid_e_imp) * 1000).epsilon(1e-6));

    CHECK(modbus_read_registers(c.get(), 100, 1, words.data()) == -1);
    CHECK(errno == EMBXILADD);
    CHECK(modbus_write_register(c.get(), 19026, 1) == -1);
    CHECK(errno == EMBXILFUN);
    REQUIRE(modbus_set_slave(c.get(), 9) == 0);
    CHECK(modbus_read_registers(c.get(), 19026, 2, words.data()) == -1);
    CHECK(errno == EMBXGTAR);
}

TEST_CASE("plant_server: one port serves the units of a PLC", "[simulator][live]")
{
    auto const at = tcp_address(free_port());
    running_plant const served{
        {.clock = clock_at_noon(),
         .seed = 32,
         .devices = {
             {"weather", at, 1,
              plc_profile("{name = \"irradiance\", table = \"input\", address = 0, type = \"u16\", scale = 0.1, "
                          "unit = \"W/m2\"}")},
             {"production", at, 2,
              plc_profile("{name = \"production_mass\", address = 10, type = \"u32\", scale = 0.001, unit = "
                          "\"t\", order = \"cdab\"}")}}}};
    auto const truth = truth_at_noon(32);
    auto const c = connected(modbus_new_tcp("127.0.0.1", at.port), 1);
    std::array<std::uint16_t, 2> words{};
    REQUIRE(modbus_read_input_registers(c.get(), 0, 1, words.data()) == 1);
    CHECK(words[0] / 10.0 == Approx(truth.state().sky.irradiance).margin(0.06));
    REQUIRE(modbus_set_slave(c.get(), 2) == 0);
    REQUIRE(modbus_read_registers(c.get(), 10, 2, words.data()) == 2);
    CHECK((std::uint32_t{words[1]} << 16 | words[0]) / 1000.0 ==
          Approx(truth.counter(quantity::production)).margin(0.0006));
}

TEST_CASE("plant_server: a stranger's client reads the serial line", "[simulator][live]")
{
    auto const line = line_address("stranger");
    running_plant const served{{.clock = clock_at_noon(),
                                .seed = 33,
                                .devices = {device_of("kiln-meter", line, 3), device_of("kiln-heat", line, 12),
                                            device_of("kiln-controller", line, 7)}}};
    auto const truth = truth_at_noon(33);
    auto const c = connected(modbus_new_rtu(line.path.c_str(), 19200, 'E', 8, 1), 3);
    std::array<std::uint16_t, 2> words{};
    for (auto round = 0; round < 20; ++round) {
        REQUIRE(modbus_set_slave(c.get(), 3) == 0);
        REQUIRE(modbus_read_registers(c.get(), 0x2012, 2, words.data()) == 2);
        CHECK(modbus_get_float_abcd(words.data()) / 10 == Approx(truth.state().loads.kiln_fans.p_w).epsilon(1e-6));
        REQUIRE(modbus_set_slave(c.get(), 12) == 0);
        REQUIRE(modbus_read_registers(c.get(), 46, 2, words.data()) == 2);
        CHECK(modbus_get_float_abcd(words.data()) == Approx(truth.state().kiln.supply_c).epsilon(1e-6));
    }
    CHECK(modbus_read_registers(c.get(), 5000, 2, words.data()) == -1);
    CHECK(errno == EMBXILADD);
}

TEST_CASE("plant_server: the path of a line is a link that ends with the server", "[simulator][live]")
{
    auto const line = line_address("path");
    std::filesystem::create_symlink("/dev/null", line.path); // left by a server that was killed
    {
        running_plant const served{{.clock = clock_at_noon(), .devices = {device_of("kiln-meter", line, 3)}}};
        CHECK(std::filesystem::read_symlink(line.path).string().substr(0, 9) == "/dev/pts/");
    }
    CHECK_FALSE(std::filesystem::exists(std::filesystem::symlink_status(line.path)));
}
