#include "agent/control/control_server.hpp"
#include "protocols/modbus/error.hpp"
#include "tests/support/await.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

using namespace kilnwatt;
using namespace kilnwatt::control;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using local = asio::local::stream_protocol;

namespace {

/// Every register holds its address.
class numbered_link : public modbus::link {
public:
    asio::awaitable<result<void>> read(modbus::read_request request, std::span<std::uint16_t> words) override
    {
        if (request.address >= 1'000)
            co_return modbus::make_error_code(modbus::errc::illegal_data_address);
        for (std::uint16_t i = 0; i < request.count; ++i)
            words[i] = static_cast<std::uint16_t>(request.address + i);
        co_return boost::system::in_place_value;
    }

    asio::awaitable<result<void>> write(modbus::write_request request) override
    {
        asked = true;
        asio::steady_timer turn{co_await asio::this_coro::executor, takes};
        co_await turn.async_wait(asio::use_awaitable);
        if (refuses_writes)
            co_return modbus::make_error_code(modbus::errc::timeout);
        written.push_back({request.how, request.address, {request.values.begin(), request.values.end()}});
        co_return boost::system::in_place_value;
    }

    struct written_values {
        modbus::write_function how;
        std::uint16_t address;
        std::vector<std::uint16_t> values;
    };
    std::vector<written_values> written;
    bool asked = false;
    bool refuses_writes = false;
    std::chrono::milliseconds takes{0}; ///< a write

    void close() override {}
    bool is_open() const override { return true; }
    modbus::link_statistics const& statistics() const override { return statistics_; }
    link_address const& address() const override { return address_; }

private:
    modbus::link_statistics statistics_;
    link_address address_{link_kind::tcp, "192.0.2.7", 502, {}, {}};
};

/// Unit 7: a set point that the site file opened, and one that it did not.
poll::polled_device pump()
{
    drivers::profile p;
    p.points.push_back({.name = "vendor.set_point",
                        .address = 100,
                        .type = drivers::point_type::i16,
                        .scale = 0.1,
                        .unit = "Hz",
                        .poll = drivers::poll_class::slow,
                        .writable = drivers::write_bounds{-10, 50}});
    p.points.push_back({.name = "vendor.limit", .address = 101, .poll = drivers::poll_class::slow});
    return {drivers::device{"pump", 7, p}};
}

struct agent {
    asio::io_context context{1};
    numbered_link* link = nullptr;
    std::vector<point_written> written;
    std::string path = std::filesystem::temp_directory_path() / ("kilnwatt-control-" + std::to_string(::getpid()));
    std::vector<std::unique_ptr<poll::link_poller>> pollers;
    std::unique_ptr<control_server> server;
    std::vector<bool> pauses;

    explicit agent(control_server::options o = {})
    {
        poll::poll_listener listener{
            [](row) {}, [](auto&&...) {}, {}, {}, [this](auto&&, auto lasts) { pauses.push_back(lasts.has_value()); }};
        auto line = std::make_unique<numbered_link>();
        link = line.get();
        o.wrote = [this](point_written const& w) { written.push_back(w); };
        pollers.push_back(std::make_unique<poll::link_poller>(
            context.get_executor(), std::move(line), std::vector{pump()}, plant_clock{}, std::move(listener), 0));
        pollers[0]->start();
        o.path = path;
        o.site_file = "/etc/kilnwatt/site.toml";
        server = std::make_unique<control_server>(context.get_executor(), std::move(o), pollers);
    }

    ~agent()
    {
        test::await(context, server->stop());
        test::await(context, pollers[0]->stop());
    }

    template <class F>
    bool run_until(F done)
    {
        return test::run_until(context, std::move(done));
    }

    bool start()
    {
        std::string why;
        auto const ok = server->start(why);
        INFO(why);
        CHECK(ok);
        return ok;
    }
};

/// A client whose socket never blocks.
struct visitor {
    explicit visitor(agent& a) : home{a}, socket{a.context}
    {
        socket.connect(local::endpoint{a.path});
        socket.non_blocking(true);
    }

    void say(std::string const& text) { asio::write(socket, asio::buffer(text)); }

    /// The next line without its end; "" when the agent hung up.
    std::string hear()
    {
        home.run_until([&] {
            std::array<char, 4096> part{};
            boost::system::error_code ec;
            auto const n = socket.read_some(asio::buffer(part), ec);
            heard.append(part.data(), n);
            ended = ec && ec != asio::error::would_block;
            return ended || heard.find('\n') != std::string::npos;
        });
        auto const end = heard.find('\n');
        if (end == std::string::npos)
            return {};
        auto const line = heard.substr(0, end);
        heard.erase(0, end + 1);
        return line;
    }

    control_reply ask(control_request const& r)
    {
        say(to_line(r));
        std::string why;
        auto const reply = parse_reply(hear(), why);
        INFO(why);
        REQUIRE(reply);
        return *reply;
    }

    agent& home;
    local::socket socket;
    std::string heard;
    bool ended = false;
};

using verb = control_request::verb;
constexpr auto url = "tcp://192.0.2.7:502";

control_request read_of(std::uint16_t address, std::uint16_t count)
{
    return {.what = verb::read, .link = url, .at = {1, modbus::table::holding_registers, address, count}};
}

} // namespace

TEST_CASE("control_server: a client hears which links there are and reads between polls", "[control][control_server]")
{
    agent a;
    REQUIRE(a.start());
    struct ::stat s {};
    REQUIRE(::stat(a.path.c_str(), &s) == 0);
    CHECK((s.st_mode & 07777) == 0660);
    visitor v{a};
    auto const hello = v.ask({});
    CHECK(hello.site == "/etc/kilnwatt/site.toml");
    CHECK(hello.links == 1U);
    CHECK(v.ask({.what = verb::link, .index = 0}).link == url);
    CHECK_FALSE(v.ask({.what = verb::link, .index = 1}).error.empty());
    CHECK(v.ask(read_of(40, 3)).words == std::vector<std::uint16_t>{40, 41, 42});
    CHECK(v.ask(read_of(1'000, 3)).modbus == 2);
    CHECK(v.ask(read_of(7, 1)).words == std::vector<std::uint16_t>{7});
    auto elsewhere = read_of(7, 1);
    elsewhere.link = "tcp://192.0.2.8:502";
    CHECK_THAT(v.ask(elsewhere).error, Catch::Contains("no link"));
}

TEST_CASE("control_server: a lease pauses polling and ends with its client", "[control][control_server]")
{
    agent a;
    REQUIRE(a.start());
    {
        visitor v{a};
        CHECK(v.ask({.what = verb::lease, .link = url, .lease = 600s}).leased == 600s);
        CHECK(a.pauses == std::vector<bool>{true});
        visitor other{a};
        CHECK_THAT(other.ask({.what = verb::lease, .link = url, .lease = 1s}).error, Catch::Contains("on lease"));
    }
    CHECK(a.run_until([&] { return a.pauses.size() == 2; }));
    visitor v{a};
    CHECK(v.ask({.what = verb::lease, .link = url, .lease = 60s}).leased == 60s);
    CHECK(v.ask({.what = verb::release, .link = url}).leased == 0s);
    CHECK(a.run_until([&] { return a.pauses.size() == 4; }));
}

TEST_CASE("control_server: a point that the site file opened is written and told, nothing else is",
          "[control][control_server]")
{
    agent a;
    REQUIRE(a.start());
    visitor v{a};
    control_request r{.what = verb::write, .link = url, .at = {7, modbus::table::holding_registers, 100, 1}};
    r.values = {455};
    CHECK(v.ask(r).error.empty());
    REQUIRE(a.link->written.size() == 1);
    CHECK(a.link->written[0].how == modbus::write_function::holding_register);
    CHECK(a.link->written[0].address == 100);
    CHECK(a.link->written[0].values == std::vector<std::uint16_t>{455});
    REQUIRE(a.written.size() == 1);
    CHECK(a.written[0].what == open_point{"pump", "vendor.set_point", "Hz", 45.5});
    CHECK(a.written[0].sentence() == "set to 45.5 Hz by user " + std::to_string(::getuid()));
    r.multiple = true;
    CHECK(v.ask(r).error.empty());
    CHECK(a.link->written.back().how == modbus::write_function::holding_registers);

    auto const tried = a.link->written.size();
    r.values = {501};
    CHECK_THAT(v.ask(r).error, Catch::Contains("may be set to -10 to 50 Hz, not to 50.1"));
    r.values = {455, 0};
    CHECK_THAT(v.ask(r).error, Catch::Contains("opens no point of unit 7 at address 100"));
    r.values = {1};
    r.at.address = 101;
    CHECK_THAT(v.ask(r).error, Catch::Contains("opens no point of unit 7 at address 101"));
    r.at = {1, modbus::table::holding_registers, 100, 1};
    CHECK_THAT(v.ask(r).error, Catch::Contains("opens no point of unit 1"));
    r.at = {7, modbus::table::coils, 100, 1};
    CHECK_THAT(v.ask(r).error, Catch::Contains("opens no point"));
    CHECK(a.link->written.size() == tried);
    CHECK(a.written.size() == 2);
}

TEST_CASE("control_server: a write whose answer is missing is told as not known", "[control][control_server]")
{
    agent a;
    REQUIRE(a.start());
    a.link->refuses_writes = true;
    visitor v{a};
    control_request r{.what = verb::write, .link = url, .at = {7, modbus::table::holding_registers, 100, 1}};
    r.values = {10};
    CHECK(v.ask(r).modbus == static_cast<int>(modbus::errc::timeout));
    REQUIRE(a.written.size() == 1);
    CHECK_THAT(a.written[0].sentence(), Catch::Contains("not set to 1 Hz") && Catch::Contains("not known whether"));
}

TEST_CASE("control_server: a write that is under way is told although its client has gone", "[control][control_server]")
{
    agent a;
    REQUIRE(a.start());
    a.link->takes = 50ms;
    {
        visitor v{a};
        control_request r{.what = verb::write, .link = url, .at = {7, modbus::table::holding_registers, 100, 1}};
        r.values = {10};
        v.say(to_line(r));
        a.run_until([&] { return a.link->asked; });
    }
    CHECK(a.run_until([&] { return a.written.size() == 1; }));
    CHECK(a.link->written.size() == 1);
}

TEST_CASE("control_server: who speaks something else hears one sentence and is hung up on", "[control][control_server]")
{
    agent a;
    REQUIRE(a.start());
    for (auto const* const line : {"GET / HTTP/1.0\n", "{\"v\":2,\"op\":\"hello\"}\n", "\n"}) {
        visitor v{a};
        v.say(line);
        CHECK_THAT(v.hear(), Catch::Contains("error"));
        CHECK(v.hear().empty());
        CHECK(v.ended);
    }
    visitor endless{a};
    endless.say(std::string(control_line_max + 1, 'x'));
    CHECK(endless.hear().empty());
    CHECK(endless.ended);
    visitor good{a};
    CHECK(good.ask({}).links == 1U);
}

TEST_CASE("control_server: a client that is slow, says too much at once or comes too many is hung up on",
          "[control][control_server]")
{
    control_server::options o;
    o.line_max = 20ms;
    agent a{std::move(o)};
    REQUIRE(a.start());
    visitor slow{a};
    slow.say("{\"v\":1,");
    CHECK(slow.hear().empty());
    CHECK(slow.ended);
    visitor hasty{a};
    hasty.say(to_line(read_of(0, 1)) + to_line(read_of(0, 1)));
    CHECK(hasty.hear().empty());
    CHECK(hasty.ended);

    std::vector<std::unique_ptr<visitor>> crowd;
    for (std::size_t i = 0; i < control_server::clients_max; ++i) {
        crowd.push_back(std::make_unique<visitor>(a));
        CHECK(crowd.back()->ask({}).links == 1U);
    }
    visitor late{a};
    CHECK(late.hear().empty());
    CHECK(late.ended);
    crowd.clear();
    bool served = false; // the agent hears of their going in its own time
    for (int i = 0; i < 100 && !served; ++i) {
        visitor v{a};
        v.say(to_line(control_request{}));
        served = !v.hear().empty();
    }
    CHECK(served);
}

TEST_CASE("control_server: a socket left behind is replaced, a living one and a file are not",
          "[control][control_server]")
{
    agent a;
    {
        asio::io_context context;
        local::acceptor dead{context, local::endpoint{a.path}}; // its file stays
    }
    REQUIRE(a.start());
    std::string why;
    control_server::options o;
    o.path = a.path;
    control_server second{a.context.get_executor(), o, a.pollers};
    CHECK_FALSE(second.start(why));
    CHECK_THAT(why, Catch::Contains(a.path));
    visitor v{a};
    CHECK(v.ask({}).links == 1U);

    o.path = a.path + ".txt";
    std::ofstream{o.path} << "mine";
    control_server third{a.context.get_executor(), o, a.pollers};
    CHECK_FALSE(third.start(why));
    CHECK(std::filesystem::is_regular_file(o.path));
    std::filesystem::remove(o.path);
}
