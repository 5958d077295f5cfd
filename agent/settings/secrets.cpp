#include "agent/settings/secrets.hpp"

#include "agent/settings/files.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kilnwatt::settings {
namespace {

enum class source { plain, file, environment, credential };

struct reference {
    source from = source::plain;
    std::string what; ///< text, path or name
};

reference parse(std::string const& text)
{
    auto const after = [&text](std::string_view prefix) { return text.substr(prefix.size()); };
    if (text.starts_with("file:"))
        return {source::file, after("file:")};
    if (text.starts_with("env:"))
        return {source::environment, after("env:")};
    if (text.starts_with("credential:"))
        return {source::credential, after("credential:")};
    return {source::plain, text};
}

bool is_plain_name(std::string_view name)
{
    auto const allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
               c == '.';
    };
    return !name.empty() && name.front() != '.' && name.size() <= 255 && std::all_of(name.begin(), name.end(), allowed);
}

std::optional<std::string> from_environment(config::table& t, std::string_view key, std::string const& name)
{
    if (!is_plain_name(name)) {
        t.complain(key, "must have the name of a variable after 'env:'");
        return std::nullopt;
    }
    auto value = environment(name.c_str());
    if (!value.empty())
        return value;
    t.complain(key, fmt::format("the environment variable {} is not set", name),
               "systemd sets it with Environment= or EnvironmentFile=");
    return std::nullopt;
}

std::optional<std::string> credential_path(config::table& t, std::string_view key, std::string const& name)
{
    if (!is_plain_name(name)) {
        t.complain(key, "must have the name of a credential after 'credential:'");
        return std::nullopt;
    }
    auto const folder = environment("CREDENTIALS_DIRECTORY");
    if (!folder.empty())
        return folder + "/" + name;
    t.complain(key, fmt::format("there is no credential '{}', because systemd gave none to this program", name),
               fmt::format("add LoadCredential={}:/path to the unit", name));
    return std::nullopt;
}

std::optional<secret> checked(config::table& t, std::string_view key, std::string value)
{
    if (value.empty())
        t.complain(key, "is empty");
    else if (value.size() > secret_size_max)
        t.complain(key, fmt::format("is longer than {} bytes", secret_size_max));
    else if (value.find('\0') != std::string::npos)
        t.complain(key, "holds a zero byte");
    else
        return secret{std::move(value)};
    return std::nullopt;
}

std::optional<secret> from_file(config::table& t, std::string_view key, std::string const& path)
{
    std::string why;
    auto value = read_small_file(path, secret_size_max, why);
    if (!why.empty()) {
        t.complain(key, fmt::format("the file '{}' {}", path, why));
        return std::nullopt;
    }
    if (value.ends_with('\n'))
        value.pop_back();
    if (value.ends_with('\r'))
        value.pop_back();
    return checked(t, key, std::move(value));
}

} // namespace

std::optional<secret> read_secret(config::table& t, std::string_view key)
{
    auto const text = t.hidden_text(key);
    if (!text)
        return std::nullopt;
    auto const [from, what] = parse(*text);
    switch (from) {
    case source::plain:
        return checked(t, key, what);
    case source::file:
        return from_file(t, key, beside(t.where(key), what));
    case source::environment: {
        auto value = from_environment(t, key, what);
        return value ? checked(t, key, *std::move(value)) : std::nullopt;
    }
    case source::credential: {
        auto const path = credential_path(t, key, what);
        return path ? from_file(t, key, *path) : std::nullopt;
    }
    }
    return std::nullopt;
}

std::string shown_secret(std::string const& text)
{
    return parse(text).from == source::plain ? "(hidden)" : text;
}

std::optional<std::string> read_file_name(config::table& t, std::string_view key)
{
    auto const text = t.text(key);
    if (!text)
        return std::nullopt;
    auto const [from, what] = parse(*text);
    std::optional<std::string> path = what;
    if (from == source::environment)
        path = from_environment(t, key, what);
    else if (from == source::credential)
        path = credential_path(t, key, what);
    if (!path)
        return std::nullopt;
    if (path->empty() || path->find('\0') != std::string::npos) {
        t.complain(key, "must be the path of a file");
        return std::nullopt;
    }
    return beside(t.where(key), *path);
}

} // namespace kilnwatt::settings
