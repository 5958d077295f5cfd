#include "link_fixture.hpp"

#include <filesystem>
#include <fstream>

using namespace kilnwatt;
using namespace kilnwatt::modbus;
using namespace std::chrono_literals;

namespace {

read_request const one{1, table::holding_registers, 0, 1};

void answer_42(scripted_peer& p)
{
    p.accept();
    serve(p, {42});
}

} // namespace

TEST_CASE("serial_link: a port that another program holds is denied, until it is let go", "[modbus][serial_link]")
{
    scripted_peer peer{link_kind::serial, answer_42};
    link_bench holder{peer.address(), patient()};
    link_bench other{peer.address(), patient()};
    REQUIRE(holder.read(one).has_value());
    auto const denied = other.read(one);
    REQUIRE(denied.has_error());
    CHECK(denied.error() == errc::port_denied);

    // What the refused one did has not disturbed the line.
    CHECK(holder.read(one).has_value());

    holder.link().close();
    REQUIRE(holder.read({1, table::holding_registers, 0, 126}).has_error()); // nothing is opened for a bad request
    while (other.read(one).has_error()) // the port is closed by the holder's own thread
        std::this_thread::yield();
    CHECK(other.link().is_open());
}

TEST_CASE("serial_link: a file or a folder is no serial port", "[modbus][serial_link]")
{
    auto const folder = std::filesystem::temp_directory_path();
    auto const file = folder / "kilnwatt-no-port";
    std::ofstream{file} << "text";
    for (auto const& path : {file, folder}) {
        link_address address{.kind = link_kind::serial};
        address.path = path.string();
        link_bench bench{address, patient()};
        auto const got = bench.read(one);
        REQUIRE(got.has_error());
        CHECK(got.error() == errc::port_missing);
    }
    std::filesystem::remove(file);
}

TEST_CASE("serial_link: every byte passes the terminal untouched", "[modbus][serial_link]")
{
    std::vector<std::uint16_t> all(125);
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = static_cast<std::uint16_t>((2 * i) << 8 | (2 * i + 1));
    std::vector<std::uint16_t> rest{0xFAFB, 0xFCFD, 0xFEFF};
    scripted_peer peer{link_kind::serial, [&](scripted_peer& p) {
                           p.accept();
                           p.send(p.answer(p.request(), all));
                           p.send(p.answer(p.request(), rest));
                       }};
    link_bench bench{peer.address(), patient()};
    auto const first = bench.read({0x0D, table::holding_registers, 0x0A11, 125});
    REQUIRE(first.has_value());
    CHECK(*first == all);
    auto const second = bench.read({0x13, table::holding_registers, 0x0304, 3});
    REQUIRE(second.has_value());
    CHECK(*second == rest);
}

TEST_CASE("serial_link: a line with its port open, and one never opened, go at once", "[modbus][serial_link]")
{
    scripted_peer peer{link_kind::serial, answer_42};
    auto timing = patient();
    timing.response_timeout = 1h;
    link_bench used{peer.address(), timing};
    REQUIRE(used.read(one).has_value());
    link_bench const unused{peer.address(), timing};
}
