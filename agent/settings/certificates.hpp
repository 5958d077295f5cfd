#pragma once

#include "agent/settings/site.hpp"

#include <chrono>

namespace kilnwatt::settings {

inline constexpr std::size_t pem_size_max = 1u << 20;

/// Reads the PEM files of a sink ("" = none) and notes under `ca`, `cert` and `key`: unreadable, not PEM, expired at
/// `now`, a key with a pass phrase, a key that does not belong to the certificate. No message shows a key.
void check_certificates(config::table& tls, tls_settings const& files, std::chrono::system_clock::time_point now);

} // namespace kilnwatt::settings
