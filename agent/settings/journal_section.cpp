#include "agent/settings/files.hpp"
#include "agent/settings/sections.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace kilnwatt::settings {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t mebibyte = 1ull << 20;
constexpr std::uint64_t tebibyte = 1ull << 40;
constexpr milliseconds age_max = 24h * 36'500;

/// Where relative journals live: what the operator set, what systemd set (the first of its list), or "".
std::string state_folder()
{
    auto const ours = environment("KILNWATT_STATE_DIR");
    auto const systemds = environment("STATE_DIRECTORY");
    return !ours.empty() ? ours : systemds.substr(0, systemds.find(':'));
}

void check_path(config::table& t, std::string const& path)
{
    std::error_code error;
    if (path.ends_with('/') || std::filesystem::is_directory(path, error))
        t.complain("path", fmt::format("'{}' is a folder", path), "name the file in it, for example journal.db");
}

} // namespace

void read_journal_section(config::table& root, site& s)
{
    auto& j = s.journal;
    auto const folder = state_folder();
    if (!folder.empty())
        j.path = folder + "/" + std::filesystem::path{j.path}.filename().string();
    auto t = root.child("journal");
    if (!t)
        return;
    if (auto const path = t->text("path")) {
        auto const relative = !path->starts_with('/');
        j.path = relative && !folder.empty() ? folder + "/" + *path : beside(t->where("path"), *path);
        if (path->empty())
            t->complain("path", "names no file", "for example \"/var/lib/kilnwatt/journal.db\"");
        else
            check_path(*t, j.path);
    }
    if (auto keep = t->child("keep")) {
        j.size = keep->size("size", 16 * mebibyte, 16 * tebibyte).value_or(j.size);
        j.windows_size = keep->size("windows", 16 * mebibyte, 16 * tebibyte).value_or(j.windows_size);
        j.quarters_size = keep->size("quarters", 16 * mebibyte, 16 * tebibyte).value_or(j.quarters_size);
        j.days_size = keep->size("days", 16 * mebibyte, 16 * tebibyte).value_or(j.days_size);
        j.events_size = keep->size("events", 16 * mebibyte, 16 * tebibyte).value_or(j.events_size);
        j.age = keep->duration("age", 1h, age_max);
        j.windows_age = keep->duration("windows_age", 1h, age_max);
        j.quarters_age = keep->duration("quarters_age", 1h, age_max);
        j.events_age = keep->duration("events_age", 1h, age_max);
        j.disk_free = keep->size("free", 16 * mebibyte, 16 * tebibyte).value_or(j.disk_free);
        keep->refuse_unknown();
    }
    j.commit = t->duration("commit", 0ms, 1min).value_or(j.commit);
    j.sync_full = t->choice("sync", {"full", "normal"}).value_or("full") == "full";
    t->refuse_unknown();
}

} // namespace kilnwatt::settings
