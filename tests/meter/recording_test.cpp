#include "agent/meter/recording.hpp"

#include "protocols/modbus/error.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace kilnwatt;
using namespace kilnwatt::meter;
using modbus::errc;
using modbus::table;

namespace {

std::vector<recorded_exchange> read(std::string const& text)
{
    std::string why;
    auto const all = read_recording(text, why);
    INFO(why);
    REQUIRE(all);
    return *all;
}

std::string refusal(std::string const& text)
{
    std::string why;
    CHECK_FALSE(read_recording(text, why));
    return why;
}

} // namespace

TEST_CASE("recording: what is written is read back", "[meter][recording]")
{
    std::minstd_rand random{7};
    auto const below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
    std::string text = recording_head("tcp://192.0.2.7:502", "2026-06-21T04:00:00Z");
    std::vector<recorded_exchange> written;
    for (int i = 0; i < 300; ++i) {
        recorded_exchange e;
        e.at = std::chrono::milliseconds{below(100'000)};
        e.request = {static_cast<std::uint8_t>(below(256)), static_cast<table>(1 + below(4)),
                     static_cast<std::uint16_t>(below(60'000)), static_cast<std::uint16_t>(1 + below(20))};
        constexpr std::array errors{errc::illegal_data_address, errc::timeout, errc::malformed_reply,
                                    errc::connection_lost, errc::gateway_target_failed};
        if (below(3) == 0)
            e.error = errors[below(errors.size())];
        auto const bits = e.request.from == table::coils || e.request.from == table::discrete_inputs;
        for (int w = 0; w < e.request.count && !e.error; ++w)
            e.words.push_back(static_cast<std::uint16_t>(below(bits ? 2 : 65'536)));
        text += to_line(e);
        written.push_back(std::move(e));
    }
    CHECK(read(text) == written);
}

TEST_CASE("recording: a line that is none is refused with its number", "[meter][recording]")
{
    CHECK(refusal("# only a comment\n") == "no exchange is in it");
    CHECK(refusal("\n0.0 1 holding 1: 0000\n") == "line 2: not 'seconds unit table address count: ...'");
    CHECK(refusal("0.0 1 holding 1 2: 0000\n") == "line 1: 1 words where the request asks for 2");
    CHECK(refusal("0.0 1 holding 1 1: XYZ\n") == "line 1: 'XYZ' is no register");
    CHECK(refusal("0.0 1 coils 1 1: 2\n") == "line 1: '2' is no bit");
    CHECK(refusal("0.0 1 holding 1 1: ! fire\n") == "line 1: after '!' stands exception N, silence, garbled or closed");
    CHECK(refusal("0.0 1 holding 1 1: ! exception 12\n") == "line 1: exception 12 is not 1 to 11");
    CHECK(refusal("0.0 1 holding 65535 2: 0 0\n").find("no request of Modbus") != std::string::npos);
}

TEST_CASE("recording: answers of the same request are played in order, from the front again", "[meter][recording]")
{
    replayer r{read("0.0 1 holding 10 2: 0001 0002\n"
                    "1.0 1 holding 10 2: ! silence\n"
                    "2.0 1 holding 10 2: 0003 0004 # edited by hand\n")};
    modbus::read_request const q{1, table::holding_registers, 10, 2};
    for (int round = 0; round < 2; ++round) {
        CHECK(r.answer(q).value() == std::vector<std::uint16_t>{1, 2});
        CHECK(r.answer(q).error() == errc::timeout);
        CHECK(r.answer(q).value() == std::vector<std::uint16_t>{3, 4});
    }
}

TEST_CASE("recording: what was asked in another form is put together, the rest is refused", "[meter][recording]")
{
    replayer r{read("0.0 1 holding 10 2: 0001 0002\n0.1 1 holding 12 1: 0003\n0.2 2 input 0 1: 0009\n")};
    CHECK(r.answer({1, table::holding_registers, 11, 2}).value() == std::vector<std::uint16_t>{2, 3});
    CHECK(r.answer({1, table::holding_registers, 12, 2}).error() == errc::illegal_data_address);
    CHECK(r.answer({2, table::holding_registers, 0, 1}).error() == errc::illegal_data_address);
    CHECK(r.units() == std::vector<std::uint8_t>{1, 2});
}
