#pragma once

#include "agent/settings/site.hpp"

namespace kilnwatt::settings {

inline constexpr std::size_t secret_size_max = 4096;

/// Reads a key whose text is the value itself or says where it is: "file:/path" (one line end at its end is dropped),
/// "env:NAME", "credential:NAME" (a file of $CREDENTIALS_DIRECTORY). Nothing, and a defect, when it is not there. No
/// message shows the value.
std::optional<secret> read_secret(config::table& t, std::string_view key);

/// What may be shown of the text of such a key: where the secret is, or "(hidden)" for the secret itself.
std::string shown_secret(std::string const& text);

/// Reads a key that names a file: its path, "file:/path", "env:NAME" (the variable holds the path), or
/// "credential:NAME". The absolute path; relative ones are relative to the configuration file.
std::optional<std::string> read_file_name(config::table& t, std::string_view key);

} // namespace kilnwatt::settings
