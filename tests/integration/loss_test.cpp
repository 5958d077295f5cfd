#include "demo_plant.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <thread>

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

} // namespace

// Real broker, real Modbus, real store. The waits are the scenario: a broker that is away for 30 s.
TEST_CASE("nothing is lost: broker away for 30 s, agent killed meanwhile, every committed reading arrives",
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
    std::this_thread::sleep_for(12s);
    plant.kill_agent();
    auto const at_kill = stored_seqs(plant);
    plant.start_agent();
    std::this_thread::sleep_for(18s);
    plant.start_broker();

    // Without devices nothing new is stored, so that the store can be compared with what arrived.
    std::this_thread::sleep_for(5s);
    plant.stop_simulator();
    std::this_thread::sleep_for(3s);
    auto const stored = stored_seqs(plant);
    REQUIRE(eventually([&] { return total(received_seqs(plant)) >= total(stored); }, 60s));
    auto const received = received_seqs(plant);

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
                   << " (repeats after the kill and the reconnects: " << messages - total(received) << "), stored at the kill "
                   << total(at_kill));

    auto const began = std::chrono::steady_clock::now();
    CHECK(plant.stop_agent(10s) == 0);
    auto const took = std::chrono::steady_clock::now() - began;
    CHECK(took < 5s);
    INFO(plant.log("agent"));
    CHECK(plant.log("agent").find("what was read is stored") != std::string::npos);
}

TEST_CASE("a stop: SIGTERM commits what was read and ends in under 5 s, also without a broker", "[integration][stop]")
{
    demo_plant plant{{}};
    plant.start_simulator();
    plant.start_agent();
    REQUIRE(eventually([&] { return plant.log("agent").find("device weather is online") != std::string::npos; }, 20s));
    std::this_thread::sleep_for(2s);
    auto const began = std::chrono::steady_clock::now();
    CHECK(plant.stop_agent(10s) == 0);
    CHECK(std::chrono::steady_clock::now() - began < 5s);
    CHECK(stored_seqs(plant).size() == 17);
}
