#include "core/event_row.hpp"

#include <catch2/catch.hpp>

using namespace kilnwatt;

TEST_CASE("event_row: an event and its row say the same", "[core][event]")
{
    auto const r = event_row("device_state", "mill", event_severity::warning, "offline: no answer", {});
    CHECK(r.layout->device == "site");
    CHECK(r.layout->kind == stream::event);
    CHECK(r.layout == event_row("a", "b", event_severity::info, "", {}).layout); // one for all
    auto const e = event_of(r);
    REQUIRE(e);
    CHECK(e->kind == "device_state");
    CHECK(e->subject == "mill");
    CHECK(to_string(e->severity) == "warning");
    CHECK(e->message == "offline: no answer");
}

TEST_CASE("event_row: what is no event is none", "[core][event]")
{
    auto r = event_row("device_state", "mill", event_severity::warning, "offline", {});
    auto l = *r.layout;
    l.kind = stream::readings;
    CHECK_FALSE(event_of({std::make_shared<layout const>(l), {}, r.cells, r.texts}));
    l.kind = stream::event;
    l.columns.back().name = "note";
    CHECK_FALSE(event_of({std::make_shared<layout const>(l), {}, r.cells, r.texts}));
    r.cells[2] = cell_of(std::int64_t{9}); // a severity of a later version
    CHECK(to_string(event_of(r)->severity) == "alarm");
}
