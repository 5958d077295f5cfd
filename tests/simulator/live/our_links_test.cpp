#include "running_plant.hpp"

#include "drivers/device.hpp"
#include "protocols/modbus/deadline_list.hpp"
#include "protocols/modbus/link.hpp"
#include "simulator/point_source.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

using namespace kilnwatt;
using namespace kilnwatt::simulator;
using namespace std::chrono_literals;

namespace {

constexpr modbus::link_timing patient{.response_timeout = 5000ms};
constexpr modbus::link_timing hasty{.response_timeout = 400ms};

/// Runs a coroutine of an agent's thread to its end.
template <class T>
T run(asio::io_context& context, asio::awaitable<T> work)
{
    auto future = asio::co_spawn(context, std::move(work), asio::use_future);
    context.restart();
    while (future.wait_for(0s) != std::future_status::ready)
        context.run_one();
    return future.get();
}

/// Every number of a row that the plant knows, against a plant of the same moment. Returns how many.
int check_row(std::string const& device, row const& r, plant const& truth)
{
    auto checked = 0;
    for (std::size_t i = 0; i < r.cells.size(); ++i) {
        auto const source = source_of(device, r.layout->columns[i].name);
        if (!source || !std::holds_alternative<number_source>(*source))
            continue;
        auto const expected = std::get<number_source>(*source)(truth);
        INFO(device << '.' << r.layout->columns[i].name << ": " << to_string(r.cells[i].q));
        CHECK(std::abs(scaled_number(r, i) - expected) <= resolution(r, i, expected));
        ++checked;
    }
    return checked;
}

/// A link of ours with what it needs around it.
struct master {
    explicit master(link_address const& at, modbus::link_timing timing = patient)
        : link{modbus::make_link(context.get_executor(), deadlines, at, timing)}
    {}

    result<void> read(modbus::read_request request)
    {
        std::array<std::uint16_t, 125> words{};
        return run(context, link->read(request, words));
    }

    asio::io_context context{1};
    modbus::deadline_list deadlines{context.get_executor()};
    std::unique_ptr<modbus::link> link;
};

} // namespace

TEST_CASE("plant_server: our links read the whole plant as it is", "[simulator][live]")
{
    auto const gateway = tcp_address(free_port(), link_kind::rtu_over_tcp);
    auto const line = line_address("plant");
    std::vector<served_device> const devices{
        device_of("pv-roof-1", tcp_address(free_port()), 1),
        device_of("pv-roof-2", tcp_address(free_port()), 1),
        device_of("grid-meter", tcp_address(free_port()), 1),
        device_of("transformer", tcp_address(free_port()), 1),
        device_of("battery", tcp_address(free_port()), 1),
        device_of("ball-mill-meter", gateway, 2),
        device_of("ball-mill-drive", gateway, 1),
        device_of("press-meter", gateway, 4),
        device_of("press-drive", gateway, 3),
        device_of("kiln-controller", line, 7),
        device_of("kiln-heat", line, 12),
        device_of("kiln-meter", line, 3),
    };
    auto const clock = clock_at_noon();
    running_plant const served{{.clock = clock, .seed = 34, .devices = devices}};
    plant const truth{34, noon};
    std::vector<std::unique_ptr<master>> masters;
    for (auto const& d : devices) {
        auto same = std::find_if(masters.begin(), masters.end(),
                                 [&](auto const& m) { return m->link->address() == d.address; });
        if (same == masters.end())
            same = masters.insert(masters.end(), std::make_unique<master>(d.address));
        auto& m = **same;
        drivers::device device{d.name, d.unit, d.profile};
        if (device.needs_discovery())
            REQUIRE(run(m.context, device.discover(*m.link)).has_value());
        auto checked = 0;
        for (auto const c : device.classes()) {
            auto const read = run(m.context, device.read(*m.link, c, clock));
            INFO(d.name << ": " << (read.has_error() ? read.error().message() : ""));
            REQUIRE(read.has_value());
            checked += check_row(d.name, *read, truth);
        }
        INFO(d.name);
        CHECK(checked >= 3);
        CHECK(m.link->statistics().malformed == 0);
    }
    for (auto const& m : masters)
        CHECK(m->link->statistics().timeouts == 0);
}

TEST_CASE("plant_server: a silent unit costs itself alone", "[simulator][live]")
{
    auto const gateway = tcp_address(free_port(), link_kind::rtu_over_tcp);
    running_plant served{{.clock = clock_at_noon(),
                          .devices = {device_of("ball-mill-meter", gateway, 2), device_of("press-meter", gateway, 4)}}};
    served.tell([](plant_server& s) {
        CHECK(s.set_silent("ball-mill-meter", true));
        CHECK_FALSE(s.set_silent("nobody", true));
    });
    master m{gateway, hasty};
    modbus::read_request const mill{2, modbus::table::holding_registers, 36, 2};
    modbus::read_request const press{4, modbus::table::input_registers, 52, 2};
    auto const silent = m.read(mill);
    REQUIRE(silent.has_error());
    CHECK(silent.error() == modbus::errc::timeout);
    CHECK(m.read(press).has_value());
    served.tell([](plant_server& s) { s.set_silent("ball-mill-meter", false); });
    CHECK(m.read(mill).has_value());
    auto const stranger = m.read({99, modbus::table::holding_registers, 0, 1});
    REQUIRE(stranger.has_error());
    CHECK(stranger.error() == modbus::errc::timeout);
}

TEST_CASE("plant_server: a link that was cut works again", "[simulator][live]")
{
    auto const gateway = tcp_address(free_port(), link_kind::rtu_over_tcp);
    auto const line = line_address("cut");
    std::vector<std::pair<served_device, modbus::read_request>> const cases{
        {device_of("grid-meter", tcp_address(free_port()), 1), {1, modbus::table::holding_registers, 19026, 2}},
        {device_of("transformer", tcp_address(free_port()), 1), {1, modbus::table::holding_registers, 65, 2}},
        {device_of("press-meter", gateway, 4), {4, modbus::table::input_registers, 52, 2}},
        {device_of("kiln-heat", line, 12), {12, modbus::table::holding_registers, 46, 2}},
    };
    std::vector<served_device> devices;
    for (auto const& [device, request] : cases)
        devices.push_back(device);
    running_plant served{{.clock = clock_at_noon(), .devices = devices}};
    for (auto const& [device, request] : cases) {
        INFO(device.name);
        master m{device.address, hasty};
        CHECK(m.read(request).has_value());
        served.tell([&](plant_server& s) { CHECK(s.set_link_down(device.name, true)); });
        CHECK(m.read(request).has_error());
        served.tell([&](plant_server& s) { s.set_link_down(device.name, false); });
        // The first try may still meet the end of the cut connection.
        auto healed = m.read(request).has_value();
        healed = healed || m.read(request).has_value();
        CHECK(healed);
    }
}

TEST_CASE("plant_server: an inverter that sleeps at night leaves the bus when told so", "[simulator][live]")
{
    auto const sleeps = GENERATE(true, false);
    auto const at = tcp_address(free_port());
    auto const machine = std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
    running_plant const served{{.clock = plant_clock{noon + 12h, machine, 1e-9},
                                .devices = {device_of("pv-roof-1", at, 1)},
                                .inverters_sleep = sleeps}};
    master m{at, hasty};
    CHECK(m.read({1, modbus::table::holding_registers, 40000, 2}).has_error() == sleeps);
}

TEST_CASE("plant_server: what cannot be served is said", "[simulator][live]")
{
    asio::io_context context;
    std::string why;
    SECTION("a device the plant does not have")
    {
        served_device const fountain{"fountain", tcp_address(free_port()), 1, {}};
        plant_server server{context.get_executor(), {.clock = clock_at_noon(), .devices = {fountain}}};
        CHECK(server.start(why).has_error());
        CHECK(why == "device 'fountain': the simulated plant has no such device");
    }
    SECTION("a port that is taken")
    {
        asio::ip::tcp::acceptor const taken{context, {asio::ip::make_address("127.0.0.1"), 0}, false};
        auto const at = tcp_address(taken.local_endpoint().port());
        plant_server server{context.get_executor(),
                            {.clock = clock_at_noon(), .devices = {device_of("grid-meter", at, 1)}}};
        CHECK(server.start(why).has_error());
        CHECK(why == at.url() + ": Address already in use");
    }
    SECTION("a path that is no link")
    {
        auto const line = line_address("file");
        std::ofstream{line.path} << "mine";
        plant_server server{context.get_executor(),
                            {.clock = clock_at_noon(), .devices = {device_of("kiln-meter", line, 3)}}};
        CHECK(server.start(why).has_error());
        CHECK(why == line.url() + ": File exists");
        std::filesystem::remove(line.path);
    }
    SECTION("two devices of one unit")
    {
        auto const at = tcp_address(free_port());
        plant_server server{
            context.get_executor(),
            {.clock = clock_at_noon(), .devices = {device_of("grid-meter", at, 1), device_of("transformer", at, 1)}}};
        CHECK(server.start(why).has_error());
        CHECK(why == "device 'transformer' has the unit 1 of 'grid-meter' on " + at.url());
    }
}

TEST_CASE("plant_server: the truth it writes is that of a plant of the same seed and time", "[simulator][live]")
{
    auto const folder = std::filesystem::temp_directory_path() / ("kilnwatt-truth-" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder);
    auto const start = noon + 13s;
    asio::io_context context{1};
    plant_options options{
        .clock = plant_clock{start, std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now()), 3600},
        .seed = 35,
        .truth_path = folder / "truth.json",
        .truth_series_path = folder / "truth.csv"};
    plant_server server{context.get_executor(), options};
    std::string why;
    REQUIRE(server.start(why).has_value());
    context.run_for(500ms); // half an hour of the plant
    REQUIRE(server.stop(why).has_value());

    std::ifstream file{options.truth_path};
    std::string const json{std::istreambuf_iterator<char>{file}, {}};
    auto const number_after = [&](std::string const& key) {
        auto const at = json.find(key);
        REQUIRE(at != std::string::npos);
        return std::stoll(json.substr(at + key.size()));
    };
    utc_time const from{milliseconds{number_after("\"from_ms\": ")}};
    utc_time const to{milliseconds{number_after("\"to_ms\": ")}};
    CHECK(to > from);
    plant same{35, from};
    same.advance_to(to);
    CHECK(json == truth_json({from, to}, 35, same.since_start()));

    std::ifstream series{options.truth_series_path};
    std::string line;
    REQUIRE(std::getline(series, line));
    CHECK(line + "\n" == truth_csv_header());
    plant again{35, from};
    auto minutes = 0;
    for (auto first = true; std::getline(series, line); first = false) {
        utc_time const at{milliseconds{std::stoll(line)}};
        if (!first) {
            CHECK(at.time_since_epoch() % 1min == 0ms);
            ++minutes;
        }
        again.advance_to(at);
        CHECK(line + "\n" == truth_csv_line(at, again.since_start()));
    }
    CHECK(minutes ==
          (std::chrono::floor<std::chrono::minutes>(to) - std::chrono::floor<std::chrono::minutes>(from)) / 1min);
    std::filesystem::remove_all(folder);
}
