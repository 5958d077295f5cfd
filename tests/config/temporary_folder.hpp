#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace kilnwatt::test {

/// A folder of its own under /tmp, gone with its contents at the end of the test.
class temporary_folder {
public:
    temporary_folder()
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "kilnwatt-test-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~temporary_folder()
    {
        std::error_code error;
        std::filesystem::remove_all(path_, error);
    }
    temporary_folder(temporary_folder const&) = delete;
    temporary_folder& operator=(temporary_folder const&) = delete;

    std::string path(std::string const& name = {}) const { return name.empty() ? path_ : path_ + "/" + name; }

    std::string write(std::string const& name, std::string const& text) const
    {
        std::filesystem::create_directories(std::filesystem::path{path(name)}.parent_path());
        std::ofstream{path(name), std::ios::binary} << text;
        return path(name);
    }

private:
    std::string path_;
};

} // namespace kilnwatt::test
