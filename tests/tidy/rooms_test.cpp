#include "source_tree.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <regex>
#include <set>

namespace {

/// Which rooms a room may include besides itself and core. A new edge is an architecture decision: docs/decisions.
std::map<std::string, std::set<std::string>> const may_use{
    {"core", {}},
    {"config", {}},
    {"protocols/modbus", {}},
    {"protocols/mqtt", {}},
    {"protocols/sparkplug", {}},
    {"drivers", {"config", "protocols/modbus"}},
    {"simulator", {"config", "drivers", "protocols/modbus"}},
    {"agent/settings", {"config"}},
    {"agent/energy", {}},
    {"agent/savings", {}},
    {"agent/entries", {"config"}},
    {"agent/poll", {"drivers", "protocols/modbus"}},
    {"agent/meter", {"drivers", "protocols/modbus"}},
    {"agent/journal", {}},
    {"agent/pipeline", {"agent/journal", "agent/energy"}},
    {"agent/report", {"agent/journal", "agent/energy", "agent/savings", "agent/entries"}},
    {"agent/publish", {"agent/journal", "protocols/mqtt", "protocols/sparkplug"}},
    {"agent/control",
     {"config", "drivers", "protocols/modbus", "protocols/mqtt", "agent/settings", "agent/energy", "agent/poll",
      "agent/journal", "agent/pipeline", "agent/publish", "agent/entries", "agent/report"}},
    {"agent/cli",
     {"config", "drivers", "protocols/modbus", "protocols/mqtt", "agent/settings", "agent/energy", "agent/poll",
      "agent/journal", "agent/pipeline", "agent/publish", "agent/savings", "agent/entries", "agent/report",
      "agent/control", "agent/meter", "simulator"}},
    {"agent", {"agent/cli"}},
};

/// The one room that may include a vendor's headers; the exceptions are those of docs/decisions/0004.
std::map<std::string, std::set<std::string>> const owners{
    {"modbus/", {"protocols/modbus", "simulator"}},
    {"openssl/", {"protocols/mqtt", "agent/settings", "agent/savings"}},
    {"sqlite3", {"agent/journal"}},
    {"mqtt/", {"protocols/mqtt"}},
    {"MQTT", {"protocols/mqtt"}},
    {"google/protobuf/", {"protocols/sparkplug"}},
    {"toml++/", {"config"}},
    {"systemd/", {"agent/control"}},
    {"spdlog/", {"agent/control"}},
    {"CLI/", {"agent/cli"}},
    {"date/", {"agent/settings"}},
    {"muParser", {"agent/energy"}},
    {"Eigen/", {"agent/savings"}},
};

} // namespace

TEST_CASE("tidy: a room includes only the rooms its arrows lead to", "[tidy]")
{
    static std::regex const own_include{R"re(^\s*#\s*include\s+"((?:protocols|agent)/[a-z_]+|[a-z_]+)/[^"]+")re"};
    for (auto const& file : tidy::sources()) {
        INFO(file.path);
        auto const allowed = may_use.find(file.room);
        REQUIRE(allowed != may_use.end());
        for (auto const& line : file.lines) {
            std::smatch m;
            if (!std::regex_search(line, m, own_include))
                continue;
            auto const target = m[1].str();
            INFO(line);
            CHECK((target == file.room || target == "core" || allowed->second.count(target) == 1));
        }
    }
}

TEST_CASE("tidy: each vendor library is included by one room only", "[tidy]")
{
    static std::regex const vendor_include{R"re(^\s*#\s*include\s+<([^>]+)>)re"};
    for (auto const& file : tidy::sources())
        for (auto const& line : file.lines) {
            std::smatch m;
            if (!std::regex_search(line, m, vendor_include))
                continue;
            for (auto const& [prefix, rooms] : owners)
                if (m[1].str().rfind(prefix, 0) == 0) {
                    INFO(file.path << ": " << line);
                    CHECK(rooms.count(file.room) == 1);
                }
        }
}

TEST_CASE("tidy: pure files include no Asio header and read no clock", "[tidy]")
{
    static std::regex const pure_name{
        R"re((^agent/energy/|^agent/savings/|^config/|_schedule\.|_health\.|_agenda\.|_budget\.|read_plan\.|decode|encode|codec|pdu|framing|matcher|crc|/cursor|lanes|backoff|watchdog\.))re"};
    static std::regex const impure{R"re(boost/asio|(steady|system)_clock::now)re"};
    int pure_files = 0;
    for (auto const& file : tidy::sources()) {
        if (!std::regex_search(file.path, pure_name))
            continue;
        ++pure_files;
        std::smatch m;
        auto const found = std::regex_search(file.text, m, impure);
        INFO(file.path << (found ? ": " + m.str() : ""));
        CHECK_FALSE(found);
    }
    CHECK(pure_files > 20);
}

TEST_CASE("tidy: only the command line writes to stdout, only the agent logs", "[tidy]")
{
    static std::regex const prints{R"re(std::cout|std::cerr|\bprintf\s*\(|\bputs\s*\(|fmt::print\s*\(|std::clog)re"};
    for (auto const& file : tidy::sources()) {
        if (file.room == "agent/cli" || file.room == "agent")
            continue;
        std::smatch m;
        auto const found = std::regex_search(file.text, m, prints);
        INFO((found ? tidy::place(file, static_cast<std::size_t>(m.position())) : file.path));
        CHECK_FALSE(found);
    }
}
