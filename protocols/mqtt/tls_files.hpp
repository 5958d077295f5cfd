#pragma once

#include "protocols/mqtt/session.hpp"

namespace kilnwatt::mqtt {

/// Whether the files can be read and the key belongs to the certificate. Paho reports a missing file in the same way as
/// a broker that is switched off, so they are tried before it is asked. Reads files: call it on the worker.
bool tls_files_usable(tls_options const& tls) noexcept;

} // namespace kilnwatt::mqtt
