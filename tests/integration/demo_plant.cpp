#include "demo_plant.hpp"

#include "agent/journal/journal_reader.hpp"
#include "tests/support/places.hpp"

#include <boost/json.hpp>

#include <csignal>
#include <fstream>
#include <stdexcept>

namespace kilnwatt::test {
namespace {

using namespace std::chrono_literals;

void replace_all(std::string& text, std::string const& from, std::string const& to)
{
    if (text.find(from) == std::string::npos)
        throw std::runtime_error{"the example site file has no '" + from + "'"};
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

bool listens(int port)
{
    process probe{{"bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/" + std::to_string(port)}, "/dev/null"};
    return probe.wait(5s) == 0;
}

} // namespace

demo_plant::demo_plant(options o) : options_{std::move(o)}, broker_port_{free_port()}
{
    auto text = read_text_file(KILNWATT_SOURCE_DIR "/config/examples/ceramics-plant.toml");
    for (auto const port : {15021, 15022, 15023, 15024, 15025, 15026, 15031})
        replace_all(text, "127.0.0.1:" + std::to_string(port), "127.0.0.1:" + std::to_string(free_port()));
    replace_all(text, "127.0.0.1:18830", "127.0.0.1:" + std::to_string(broker_port_));
    replace_all(text, "/tmp/kilnwatt-kiln-line", folder_.file("kiln-line"));
    for (auto const& [from, to] : options_.replace)
        replace_all(text, from, to);
    folder_.write("site.toml", text + options_.extra);
    folder_.write("mosquitto.conf", "listener " + std::to_string(broker_port_) + " 127.0.0.1\nallow_anonymous true\n" +
                                        "persistence true\npersistence_location " + folder_.path() + "/\n" +
                                        "max_queued_messages 0\nuser root\n");
}

void demo_plant::start_broker()
{
    broker_.emplace(std::vector<std::string>{"/usr/sbin/mosquitto", "-c", folder_.file("mosquitto.conf")},
                    folder_.file("mosquitto.log"));
    if (!eventually([this] { return listens(broker_port_); }, 10s))
        throw std::runtime_error{"mosquitto does not start: " + log("mosquitto")};
}

void demo_plant::stop_broker()
{
    broker_->signal(SIGTERM);
    if (broker_->wait(10s) == -1)
        throw std::runtime_error{"mosquitto does not stop"};
    broker_.reset();
}

void demo_plant::start_subscriber()
{
    subscriber_.emplace(std::vector<std::string>{"mosquitto_sub", "-p", std::to_string(broker_port_), "-i", "scada", "-c",
                                                 "-q", "1", "-v", "-t", "energy/plant-2/demo/#"},
                        folder_.file("received.log"));
}

void demo_plant::start_simulator(std::string const& seed)
{
    std::vector<std::string> command{KILNWATT_PROGRAM, "simulate",       "-c",           site(),   "--truth",
                                     truth(),          "--truth-series", truth_series(), "--seed", seed};
    if (!options_.clock.empty())
        command.insert(command.end(), {"--clock", options_.clock});
    simulator_.emplace(command, folder_.file("simulate.log"));
    if (!eventually([this] { return log("simulate").find("serving") != std::string::npos; }, 10s))
        throw std::runtime_error{"the simulator does not start: " + log("simulate")};
}

void demo_plant::stop_simulator()
{
    simulator_->signal(SIGTERM);
    if (simulator_->wait(10s) != 0)
        throw std::runtime_error{"the simulator does not stop: " + log("simulate")};
}

void demo_plant::start_agent()
{
    std::vector<std::string> command{KILNWATT_PROGRAM, "run", "-c", site()};
    if (!options_.clock.empty())
        command.insert(command.end(), {"--clock", options_.clock});
    agent_.emplace(command, folder_.file("agent.log"));
}

int demo_plant::stop_agent(std::chrono::milliseconds patience)
{
    agent_->signal(SIGTERM);
    return agent_->wait(patience);
}

void demo_plant::kill_agent()
{
    agent_->signal(SIGKILL);
    agent_->wait(10s);
}

std::vector<std::pair<std::string, std::string>> demo_plant::messages(std::string const& suffix) const
{
    std::vector<std::pair<std::string, std::string>> found;
    std::ifstream in{folder_.file("received.log")};
    for (std::string line; std::getline(in, line);) {
        auto const space = line.find(' ');
        if (space == std::string::npos)
            continue;
        auto const topic = line.substr(0, space);
        if (topic.size() >= suffix.size() && topic.compare(topic.size() - suffix.size(), suffix.size(), suffix) == 0)
            found.emplace_back(topic, line.substr(space + 1));
    }
    return found;
}

std::map<std::string, std::set<std::uint64_t>> stored_seqs(demo_plant const& plant)
{
    std::string why;
    auto reader = journal::journal_reader::open(plant.journal(), why);
    if (reader.has_error())
        throw std::runtime_error{why};
    std::map<std::string, std::set<std::uint64_t>> seqs;
    journal::record_filter wanted;
    wanted.streams = {stream::readings};
    auto const damaged = reader->for_each_record(wanted, [&](record const& r) {
        seqs[r.device()].insert(r.seq);
        return true;
    });
    if (damaged.has_error() || !damaged->empty())
        throw std::runtime_error{"the journal is damaged"};
    return seqs;
}

std::map<std::string, std::set<std::uint64_t>> received_seqs(demo_plant const& plant)
{
    std::map<std::string, std::set<std::uint64_t>> seqs;
    std::string const tail = "/readings";
    for (auto const& [topic, payload] : plant.messages(tail)) {
        auto const head = topic.substr(0, topic.size() - tail.size());
        boost::json::error_code error;
        auto const parsed = boost::json::parse(payload, error);
        if (error) // the last line while it is being written
            continue;
        seqs[head.substr(head.rfind('/') + 1)].insert(parsed.at("seq").to_number<std::uint64_t>());
    }
    return seqs;
}

} // namespace kilnwatt::test
