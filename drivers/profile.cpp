#include "drivers/profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

namespace kilnwatt::drivers {
namespace {

namespace fs = std::filesystem;
using std::chrono_literals::operator""ms;

constexpr int unit_max = 255;

void read_identity(config::table& root, profile& p)
{
    if (root.require("schema", "schema = 1"))
        root.integer("schema", 1, 1);
    if (root.require("id", "the name of this file without .toml")) {
        p.id = root.text("id").value_or("");
        auto const stem = fs::path{root.where().file}.stem().string();
        if (!is_profile_id(p.id))
            root.complain("id", fmt::format("'{}' is no id", p.id), "use a-z, 0-9, _ and -");
        else if (p.id != stem)
            root.complain("id", fmt::format("'{}' is not the name of the file", p.id),
                          fmt::format("call it '{}', or the file '{}.toml'", stem, p.id));
    }
    if (root.require("kind", "what it is, for example \"power_meter\""))
        p.kind = root.text("kind").value_or("");
    p.models = root.texts("models").value_or(std::vector<std::string>{});
    if (root.require("source", "the manual the registers come from"))
        p.source = root.text("source").value_or("");
    p.confidence = root.choice("confidence", {"high", "medium", "low"}).value_or("");
    p.caveats = root.texts("caveats").value_or(std::vector<std::string>{});
    p.unit = static_cast<int>(root.integer("unit", 0, unit_max).value_or(1));
    p.may_sleep = root.boolean("may_sleep").value_or(false);
    p.sunspec = root.boolean("sunspec").value_or(false);
}

void read_link(config::table& root, profile& p)
{
    auto link = root.child("link");
    if (!link)
        return;
    p.serial.baud = static_cast<int>(link->integer("baud", 300, 4'000'000).value_or(p.serial.baud));
    if (auto const parity = link->choice("parity", {"none", "even", "odd"}))
        p.serial.parity = static_cast<char>(parity->front() - 'a' + 'A');
    p.serial.stop_bits = static_cast<int>(link->integer("stop", 1, 2).value_or(p.serial.stop_bits));
    auto& t = p.timing;
    t.connect_timeout = link->duration("connect_timeout", 100ms, 60'000ms).value_or(t.connect_timeout);
    t.connect_delay = link->duration("connect_delay", 0ms, 30'000ms).value_or(t.connect_delay);
    t.response_timeout = link->duration("response_timeout", 10ms, 60'000ms).value_or(t.response_timeout);
    t.request_gap = link->duration("request_gap", 0ms, 10'000ms).value_or(t.request_gap);
    t.unit_gap = link->duration("unit_gap", 0ms, 10'000ms).value_or(t.unit_gap);
    t.idle_close = link->duration("idle_close", 0ms, 3'600'000ms).value_or(t.idle_close);
    t.lenient_transaction_id = link->boolean("lenient_transaction_id").value_or(t.lenient_transaction_id);
    t.close_after_poll = link->boolean("close_after_poll").value_or(t.close_after_poll);
    t.max_in_flight =
        static_cast<int>(link->integer("max_in_flight", 1, modbus::in_flight_limit).value_or(t.max_in_flight));
    link->refuse_unknown();
}

void read_limits(config::table& root, profile& p)
{
    auto limits = root.child("limits");
    if (!limits)
        return;
    auto& l = p.limits;
    l.registers_per_request = static_cast<std::uint16_t>(
        limits->integer("registers_per_request", 1, modbus::registers_max).value_or(l.registers_per_request));
    p.gap_is_given = limits->has("gap");
    l.gap = static_cast<std::uint16_t>(limits->integer("gap", 0, modbus::registers_max).value_or(l.gap));
    l.retries = static_cast<int>(limits->integer("retries", 0, retries_max).value_or(l.retries));
    limits->refuse_unknown();
}

/// Each point gets the sentence that its key stands for.
void take_sources(config::table& root, profile& p)
{
    std::map<std::string, std::string> sentences;
    if (auto table = root.child("sources"))
        for (auto const& key : table->keys())
            sentences[key] = table->text(key).value_or("");
    for (auto& q : p.points) {
        auto const known = sentences.find(q.source);
        if (q.source.empty())
            q.source = p.source;
        else if (known != sentences.end())
            q.source = known->second;
        else
            root.complain("sources", fmt::format("has no '{}', which {} names as its source", q.source, q.name),
                          fmt::format("write sources.{} = \"the document, its page\"", q.source));
    }
}

/// A profile is for every plant; what may be written there is for its site file to say.
void refuse_open_points(config::table& root)
{
    for (auto const* const key : {"points", "shared_points"})
        for (auto& t : root.children(key))
            if (t.has("writable"))
                t.complain("writable", "a profile opens no point for writing",
                           "open it in the site file: override = [{point = \"...\", writable = {min = 0, max = 50}}]");
}

void check_points(config::table& root, profile const& p)
{
    if (p.sunspec && !p.points.empty())
        root.complain("points", "a SunSpec device brings its own points", "leave them out, or leave sunspec out");
    if (!p.sunspec && p.points.empty())
        root.complain("points", "there are none", "a profile has at least one point, or sunspec = true");
    for (auto const& q : p.points)
        if (q.registers > p.limits.registers_per_request)
            root.complain("limits", fmt::format("{} needs {} registers in one request, and {} are allowed", q.name,
                                                q.registers, p.limits.registers_per_request));
}

} // namespace

bool is_profile_id(std::string_view id) noexcept
{
    return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

profile read_profile(config::document& doc)
{
    profile p;
    auto& root = doc.root;
    if (root.keys().empty() && !doc.found->empty()) // a syntax error says enough
        return p;
    read_identity(root, p);
    read_link(root, p);
    read_limits(root, p);
    refuse_open_points(root);
    p.points = read_points(root, "points", "shared_points");
    take_sources(root, p);
    check_points(root, p);
    root.refuse_unknown();
    return p;
}

std::vector<std::string> profile_library::ids() const
{
    std::set<std::string> found;
    for (auto const& folder : folders) {
        std::error_code error;
        for (fs::directory_iterator it{folder, error}, end; !error && it != end; it.increment(error)) {
            auto const stem = it->path().stem().string();
            if (it->path().extension() == profile_extension && is_profile_id(stem))
                found.insert(stem);
        }
    }
    return {found.begin(), found.end()};
}

std::string profile_library::path_of(std::string_view id) const
{
    if (!is_profile_id(id))
        return {};
    for (auto const& folder : folders) {
        std::error_code error;
        auto const path = fs::path{folder} / fmt::format("{}{}", id, profile_extension);
        if (fs::is_regular_file(path, error))
            return path.string();
    }
    return {};
}

} // namespace kilnwatt::drivers
