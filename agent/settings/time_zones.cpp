#include "agent/settings/time_zones.hpp"

#include "core/spelling.hpp"

#include <date/tz.h>

#include <filesystem>
#include <fstream>
#include <vector>

namespace kilnwatt::settings {
namespace {

namespace fs = std::filesystem;

constexpr auto database = "/usr/share/zoneinfo";

/// Every zone file starts with these four bytes.
bool is_zone_file(fs::path const& path)
{
    char mark[4]{};
    std::ifstream{path, std::ios::binary}.read(mark, sizeof mark);
    return std::string_view{mark, sizeof mark} == "TZif";
}

} // namespace

bool is_time_zone(std::string const& name)
{
    auto const allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
               c == '+' || c == '/';
    };
    for (auto const c : name)
        if (!allowed(c))
            return false;
    std::error_code error;
    auto const path = fs::path{database} / fs::path{name}.relative_path();
    return !name.empty() && name.front() != '/' && fs::is_regular_file(path, error) && is_zone_file(path);
}

std::string similar_time_zone(std::string const& name)
{
    std::vector<std::string> names;
    std::error_code error;
    for (fs::recursive_directory_iterator at{database, error}, end; !error && at != end; at.increment(error)) {
        auto zone = at->path().lexically_relative(database).string();
        if (zone == "posix" || zone == "right")
            at.disable_recursion_pending();
        else if (is_time_zone(zone))
            names.push_back(std::move(zone));
    }
    std::vector<std::string_view> const views{names.begin(), names.end()};
    auto const similar = nearest(name, views, 1);
    return similar.empty() ? std::string{} : similar.front();
}

std::vector<zone_offset> zone_offsets(std::string const& name)
{
    using namespace std::chrono;
    constexpr date::sys_days first{date::year{1970} / 1 / 1};
    constexpr date::sys_days last{date::year{2100} / 1 / 1};
    std::vector<zone_offset> offsets;
    if (!is_time_zone(name))
        return {{0, 0}};
    try {
        auto const* zone = date::locate_zone(name);
        for (date::sys_seconds t{first}; t < last;) {
            auto const info = zone->get_info(t);
            zone_offset const next{milliseconds{t.time_since_epoch()}.count(), milliseconds{info.offset}.count()};
            if (offsets.empty() || offsets.back().offset != next.offset)
                offsets.push_back(next);
            t = info.end;
        }
    } catch (std::exception const&) { // the library reports a zone that it cannot read so
    }
    return offsets.empty() ? std::vector<zone_offset>{{0, 0}} : offsets;
}

} // namespace kilnwatt::settings
