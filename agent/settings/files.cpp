#include "agent/settings/files.hpp"

#include "config/quantity.hpp"
#include "config/read_file.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

namespace kilnwatt::settings {

namespace fs = std::filesystem;

std::string beside(config::place const& at, std::string const& path)
{
    std::error_code error;
    auto const folder = fs::absolute(fs::path{at.file}, error).parent_path();
    return (folder / path).lexically_normal().string();
}

std::string read_small_file(std::string const& path, std::size_t size_max, std::string& why)
{
    auto bytes = config::read_bounded(path, size_max, why);
    if (why.empty() && bytes.empty())
        why = "is empty";
    if (bytes.size() > size_max)
        why = fmt::format("is larger than {}", config::show_size(size_max));
    return why.empty() ? bytes : std::string{};
}

std::string environment(char const* name)
{
    auto const* value = std::getenv(name);
    return value != nullptr ? value : "";
}

} // namespace kilnwatt::settings
