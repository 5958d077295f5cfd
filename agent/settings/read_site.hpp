#pragma once

#include "agent/settings/site.hpp"

namespace kilnwatt::settings {

/// load_site from a document that is read already, for example from memory.
loaded_site read_site(config::document doc);

} // namespace kilnwatt::settings
