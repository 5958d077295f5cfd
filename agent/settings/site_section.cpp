#include "agent/settings/files.hpp"
#include "agent/settings/name_rules.hpp"
#include "agent/settings/sections.hpp"
#include "agent/settings/time_zones.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace kilnwatt::settings {
namespace {

constexpr std::int64_t schema = 1;
constexpr std::size_t site_name_max = 128;
constexpr std::size_t folders_max = 16;
constexpr std::size_t socket_path_max = 107; // unix(7)

void read_level(config::table& t, std::string_view key, std::string& level)
{
    auto const text = t.text(key);
    if (!text)
        return;
    level = *text;
    if (auto fault = level_fault(level); !fault.empty())
        t.complain(key, std::move(fault));
}

/// "" is allowed: no socket.
void read_control_socket(config::table& t, site& s)
{
    if (auto const folder = environment("RUNTIME_DIRECTORY"); !folder.empty()) // systemd's; the first of its list
        s.control_socket = folder.substr(0, folder.find(':')) + "/control.sock";
    if (auto const path = t.text("control_socket"))
        s.control_socket = path->empty() ? "" : beside(t.where("control_socket"), *path);
    if (s.control_socket.size() > socket_path_max)
        t.complain("control_socket", fmt::format("is longer than {} bytes", socket_path_max));
}

/// Both or none.
void read_location(config::table& t, site& s)
{
    auto place = t.child("location");
    if (!place)
        return;
    place->require("latitude", "degrees, north positive, for example 27.66");
    place->require("longitude", "degrees, east positive, for example 113.50");
    auto const latitude = place->number("latitude", -90, 90);
    auto const longitude = place->number("longitude", -180, 180);
    place->refuse_unknown();
    if (latitude && longitude)
        s.location = std::pair{*latitude, *longitude};
}

void read_timezone(config::table& t, std::string& timezone)
{
    timezone = t.text("timezone").value_or(timezone);
    if (is_time_zone(timezone))
        return;
    auto const similar = similar_time_zone(timezone);
    t.complain("timezone", fmt::format("there is no time zone '{}'", timezone),
               similar.empty() ? "for example 'Asia/Shanghai' or 'UTC'" : fmt::format("did you mean '{}'?", similar));
}

} // namespace

void read_site_section(config::table& root, site& s)
{
    if (root.require("schema", "write schema = 1 at the top"))
        if (auto const number = root.integer("schema"); number && *number != schema)
            root.complain("schema", fmt::format("is {}, but this program reads schema {}", *number, schema));
    if (!root.require("site", "begin with a table [site] and its name"))
        return;
    auto t = root.child("site");
    if (!t)
        return;
    if (t->require("name", "give the plant a name"))
        s.name = t->text("name").value_or("");
    if (s.name.size() > site_name_max)
        t->complain("name", fmt::format("is longer than {} bytes", site_name_max));
    s.id = name_like(s.name);
    if (!t->has("id") && !s.name.empty() && s.id.empty())
        t->complain("id", "is missing, and the name has no letters a to z to make it from", "write id = \"plant-2\"");
    read_level(*t, "id", s.id);
    read_level(*t, "gateway", s.gateway);
    read_timezone(*t, s.timezone);
    read_location(*t, s);
    read_control_socket(*t, s);
    s.production_day =
        t->duration("production_day", milliseconds{0}, std::chrono::hours{23}).value_or(s.production_day);
    if (s.production_day % std::chrono::minutes{15} != milliseconds{0})
        t->complain("production_day", "is no whole quarter of an hour after midnight", "for example \"8 h\"");
    t->refuse_unknown();
}

void read_profiles_section(config::table& root, site& s)
{
    auto t = root.child("profiles");
    if (!t)
        return;
    auto const folders = t->texts("folders").value_or(std::vector<std::string>{});
    if (folders.size() > folders_max)
        t->complain("folders", fmt::format("has {} folders, but at most {} are searched", folders.size(), folders_max));
    for (auto const& folder : folders) {
        s.profile_folders.push_back(beside(t->where("folders"), folder));
        std::error_code error;
        if (!std::filesystem::is_directory(s.profile_folders.back(), error))
            t->complain("folders", fmt::format("there is no folder '{}'", folder));
    }
    t->refuse_unknown();
}

} // namespace kilnwatt::settings
