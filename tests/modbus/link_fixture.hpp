#pragma once

#include "link_bench.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <vector>

namespace kilnwatt::modbus {

/// A scripted peer and a link to it, of each kind in turn: a case runs over TCP, RTU over TCP and a serial line.
struct link_fixture {
    link_kind kind = GENERATE(link_kind::tcp, link_kind::rtu_over_tcp, link_kind::serial);
    std::unique_ptr<scripted_peer> peer;
    std::unique_ptr<link_bench> bench;

    void play(scripted_peer::script script, link_timing timing = patient())
    {
        peer = std::make_unique<scripted_peer>(kind, std::move(script));
        bench = std::make_unique<link_bench>(peer->address(), timing);
    }

    bool is_serial() const { return kind == link_kind::serial; }
    bool is_rtu() const { return kind != link_kind::tcp; }
    link_statistics const& counts() { return bench->link().statistics(); }

    void check_values(link_bench::outcome const& got, std::vector<std::uint16_t> const& expected)
    {
        INFO((got.has_error() ? got.error().message() : "it answered"));
        REQUIRE(got.has_value());
        CHECK(*got == expected);
    }

    void check_error(link_bench::outcome const& got, errc expected)
    {
        REQUIRE(got.has_error());
        INFO(got.error().message());
        CHECK(got.error() == expected);
    }
};

/// Answers every request with `v` for ever.
inline void serve(scripted_peer& p, std::vector<std::uint16_t> const& v)
{
    while (true)
        p.send(p.answer(p.request(), v));
}

} // namespace kilnwatt::modbus
