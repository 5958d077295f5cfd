#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace kilnwatt::journal {

struct vacuum_result {
    std::uint64_t bytes_before = 0; ///< of the file and its log
    std::uint64_t bytes_after = 0;
};

/// Writes the journal anew without its free pages, beside the old file, and puts it in the old one's place in one step:
/// a crash leaves either the old file or the new one, whole. Takes the journal's lock, so it is refused while an agent
/// has it (errc::in_use) or another program reads (errc::locked); needs free disk for what the journal holds
/// (errc::disk_full). `report` gets the share done, 0 to 1, and answers false to stop (errc::io). `why` has a sentence.
[[nodiscard]] result<vacuum_result> vacuum(std::string const& path, std::function<bool(double share)> const& report,
                                           std::string& why);

} // namespace kilnwatt::journal
