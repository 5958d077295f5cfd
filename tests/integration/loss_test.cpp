#include "demo_plant.hpp"

#include <catch2/catch.hpp>

#include <chrono>

using namespace kilnwatt::test;
using namespace std::chrono_literals;

namespace {

std::size_t total(std::map<std::string, std::set<std::uint64_t>> const& seqs)
{
    std::size_t sum = 0;
    for (auto const& [device, seen] : seqs)
        sum += seen.size();
    return sum;
}

/// How often the agent that runs now, or one before it, has told this.
std::size_t told(demo_plant const& plant, std::string const& what)
{
    auto const log = plant.log("agent");
    std::size_t n = 0;
    for (auto at = log.find(what); at != std::string::npos; at = log.find(what, at + 1))
        ++n;
    return n;
}

} // namespace

// Real broker, real Modbus, real store.
TEST_CASE("nothing is lost: broker away for 400 readings, agent killed meanwhile, every committed reading arrives",
          "[integration][loss]")
{
    demo_plant plant{{}};
    plant.start_broker();
    plant.start_subscriber();
    plant.start_simulator();
    plant.start_agent();
    INFO(plant.log("agent"));
    REQUIRE(eventually([&] { return received_seqs(plant).size() == 17; }, 30s));

    plant.stop_broker();
    auto const before = total(stored_seqs(plant));
    REQUIRE(eventually([&] { return total(stored_seqs(plant)) >= before + 150; }, 60s));
    plant.kill_agent();
    auto const at_kill = stored_seqs(plant);
    plant.start_agent();
    REQUIRE(eventually([&] { return total(stored_seqs(plant)) >= total(at_kill) + 250; }, 60s));
    auto const arrived = total(received_seqs(plant));
    plant.start_broker();
    REQUIRE(eventually([&] { return total(received_seqs(plant)) > arrived; }, 60s));

    // Without devices nothing new is stored, so that the store can be compared with what arrived.
    plant.stop_simulator();
    REQUIRE(eventually([&] { return told(plant, " is offline: ") + told(plant, " is asleep: ") >= 17; }, 60s));
    std::map<std::string, std::set<std::uint64_t>> stored, received;
    auto const same = [&] {
        stored = stored_seqs(plant);
        received = received_seqs(plant);
        return received == stored;
    };
    CHECK(eventually(same, 60s));

    CHECK(stored.size() == 17);
    for (auto const& [device, seqs] : stored) {
        INFO(device);
        CHECK(received.at(device) == seqs);
        CHECK(*seqs.begin() == 1);
        CHECK(*seqs.rbegin() == seqs.size()); // no gap
        CHECK(at_kill.at(device).size() < seqs.size());
    }
    auto const messages = plant.messages("/readings").size();
    WARN("stored " << total(stored) << ", received " << total(received) << ", messages " << messages
                   << " (repeats after the kill and the reconnects: " << messages - total(received)
                   << "), stored at the kill " << total(at_kill));

    CHECK(plant.stop_agent(5s) == 0);
    INFO(plant.log("agent"));
    CHECK(plant.log("agent").find("what was read is stored") != std::string::npos);
}

TEST_CASE("a stop: SIGTERM commits what was read and ends in under 5 s, also without a broker", "[integration][stop]")
{
    demo_plant plant{{}};
    plant.start_simulator();
    plant.start_agent();
    REQUIRE(eventually([&] { return told(plant, " is online") >= 17; }, 20s));
    CHECK(plant.stop_agent(5s) == 0);
    CHECK(stored_seqs(plant).size() == 17);
}
