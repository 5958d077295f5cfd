#include "agent/cli/live_view.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace kilnwatt::cli;
using namespace std::chrono_literals;

namespace {

live_view::time_point const t0{1000s};

bool any_line(std::vector<std::string> const& lines, std::vector<std::string> const& parts)
{
    return std::any_of(lines.begin(), lines.end(), [&](std::string const& line) {
        return std::all_of(parts.begin(), parts.end(),
                           [&](std::string const& part) { return line.find(part) != std::string::npos; });
    });
}

} // namespace

TEST_CASE("live_view: shows what came over MQTT, with quality and age", "[cli][live_view]")
{
    live_view view{"energy/p/g", {"pv-1", "kiln-heat"}};
    view.on_message("energy/p/g/status", "online", t0);
    view.on_message("energy/p/g/pv-1/availability", "online", t0);
    view.on_message("energy/p/g/pv-1/state", R"({"v":1,"active_power":4210.5,"quality":{"dc_power":"bad:timeout"}})", t0);
    view.on_message("energy/p/g/kpi/PT1M",
                    R"({"start":60000,"metrics":{"pv.p":{"value":4.2105,"unit":"kW","quality":"good"}}})", t0 + 1s);
    auto const lines = view.table(t0 + 3s);
    CHECK(any_line(lines, {"Agent online", "00:01 UTC"}));
    CHECK(any_line(lines, {"PV power", "4.2", "kW", "good", "2.0 s"}));
    CHECK(any_line(lines, {"pv-1", "online", "4.21 kW", "good (1 points not)", "3.0 s"}));
    CHECK(any_line(lines, {"kiln-heat", "unknown", "never"}));
    CHECK(view.strangers() == 0);
}

TEST_CASE("live_view: the summary is the agent's ledger", "[cli][live_view]")
{
    live_view view{"r", {"a", "b"}};
    view.on_message("r/health", R"({"devices":[{"device":"b","read":5,"stored":4,"published":3,"acknowledged":2}]})", t0);
    CHECK(any_line(view.summary(), {"a", "-"}));
    CHECK(any_line(view.summary(), {"b", "5", "4", "3", "2"}));
}

TEST_CASE("live_view: is fresh only when every device and every figure is", "[cli][live_view]")
{
    live_view view{"r", {"a"}};
    CHECK(any_line(view.stale(t0, 30s), {"the agent is unknown"}));
    view.on_message("r/status", "online", t0);
    view.on_message("r/a/availability", "online", t0);
    view.on_message("r/a/state", R"({"active_power":1})", t0);
    std::string metrics;
    for (auto const* m : {"pv.p", "grid.p", "bat.p", "load.p", "pv.self_consumption", "site.pv_first", "heat.p",
                          "motor.eta", "tce.unit", "co2.unit"})
        metrics += (metrics.empty() ? "\"" : ",\"") + std::string{m} + R"(":{"value":1.5})";
    view.on_message("r/kpi/PT1M", R"({"start":60000,"metrics":{)" + metrics + "}}", t0);
    CHECK(view.stale(t0 + 5s, 30s).empty());
    CHECK(any_line(view.stale(t0 + 31s, 30s), {"a: last figures 31.0 s ago"}));
    view.on_message("r/a/availability", "offline", t0);
    CHECK(any_line(view.stale(t0 + 5s, 30s), {"a is offline"}));
}

TEST_CASE("live_view: a missing plant figure is named", "[cli][live_view]")
{
    live_view view{"r", {}};
    view.on_message("r/kpi/PT1M", R"({"start":60000,"metrics":{"pv.p":{"value":null,"quality":"bad:no_data"}}})", t0);
    CHECK(any_line(view.stale(t0, 30s), {"no figure pv.p"}));
}

TEST_CASE("live_view: strangers and broken payloads are counted and change nothing", "[cli][live_view]")
{
    live_view view{"r", {"a"}};
    view.on_message("other/a/state", "{}", t0);
    view.on_message("r/a/state", "{broken", t0);
    view.on_message("r/kpi/PT1M", "[1]", t0);
    view.on_message("r", "x", t0);
    CHECK(view.strangers() == 4);
    CHECK(any_line(view.table(t0), {"a", "unknown", "never"}));
}
