#include "source_tree.hpp"

#include "tests/support/places.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace tidy {
namespace fs = std::filesystem;

namespace {

std::string room_of(fs::path const& relative)
{
    auto const folder = relative.parent_path();
    auto part = folder.begin();
    auto const first = part == folder.end() ? std::string{} : part->string();
    if (first != "protocols" && first != "agent")
        return first;
    ++part;
    return part == folder.end() ? first : first + "/" + part->string();
}

std::vector<source_file> read(std::vector<std::string> const& folders, std::vector<std::string> const& endings)
{
    std::vector<source_file> files;
    fs::path const root = KILNWATT_SOURCE_DIR;
    for (auto const& folder : folders) {
        if (!fs::exists(root / folder))
            continue;
        for (auto const& entry : fs::recursive_directory_iterator(root / folder)) {
            auto const ending = entry.path().extension().string();
            if (!entry.is_regular_file() || std::find(endings.begin(), endings.end(), ending) == endings.end())
                continue;
            std::ifstream in{entry.path(), std::ios::binary};
            source_file f;
            auto const relative = fs::relative(entry.path(), root);
            f.path = relative.string();
            f.room = room_of(relative);
            f.text.assign(std::istreambuf_iterator<char>{in}, {});
            std::istringstream lines{f.text};
            for (std::string line; std::getline(lines, line);)
                f.lines.push_back(line);
            files.push_back(std::move(f));
        }
    }
    std::sort(files.begin(), files.end(), [](auto const& a, auto const& b) { return a.path < b.path; });
    return files;
}

} // namespace

std::vector<source_file> const& sources()
{
    static auto const files =
        read({"core", "config", "protocols", "drivers", "simulator", "agent"}, {".cpp", ".hpp"});
    return files;
}

std::vector<source_file> const& everything()
{
    static auto const files =
        read({"core", "config", "protocols", "drivers", "simulator", "agent", "tests", "bench", "scripts", "docs", "systemd"},
             {".cpp", ".hpp", ".toml", ".md", ".sh", ".txt", ".cmake", ".service", ""});
    return files;
}

std::string place(source_file const& file, std::size_t offset)
{
    auto const line = 1 + std::count(file.text.begin(), file.text.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
    return file.path + ":" + std::to_string(line);
}

} // namespace tidy
