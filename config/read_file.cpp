#include "config/read_file.hpp"

#include "config/parse_toml.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace kilnwatt::config {
namespace {

std::string system_sentence(int error)
{
    return std::generic_category().message(error);
}

} // namespace

std::string read_bounded(std::string const& path, std::size_t size_max, std::string& why)
{
    auto const file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        why = "cannot be read: " + system_sentence(errno);
        return {};
    }
    struct stat about {};
    std::string text;
    if (::fstat(file, &about) == 0 && !S_ISREG(about.st_mode))
        why = "is not a file";
    std::array<char, 64 * 1024> piece;
    while (why.empty() && text.size() <= size_max) {
        auto const n = ::read(file, piece.data(), piece.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            why = "cannot be read: " + system_sentence(errno);
        if (n <= 0)
            break;
        text.append(piece.data(), static_cast<std::size_t>(n));
    }
    ::close(file);
    return why.empty() ? text : std::string{};
}

std::shared_ptr<table::node> parse_file(std::string const& path)
{
    std::string why;
    auto const text = read_bounded(path, file_size_max, why);
    if (why.empty())
        return parse_toml(text, path);
    auto root = empty_root(path);
    note(*root->found, {{path, 0, 0}, "", why, ""});
    root->complete = false;
    return root;
}

document document_of(std::shared_ptr<table::node> root)
{
    auto found = root->found;
    auto const complete = root->complete;
    return {table{std::move(root)}, std::move(found), complete};
}

document read_file(std::string const& path)
{
    return document_of(parse_file(path));
}

document read_text(std::string const& text, std::string const& name)
{
    return document_of(parse_toml(text, name));
}

} // namespace kilnwatt::config
