#pragma once

#include "core/result.hpp"

#include <boost/system/error_code.hpp>

namespace kilnwatt::journal {

enum class errc {
    in_use = 1,    ///< Another agent has the journal open.
    newer_schema,  ///< A newer version of the program wrote the file.
    cannot_open,   ///< The file or its folder cannot be opened or created.
    disk_full,     ///< There is no room for the next commit.
    io,            ///< The disk or the file system reports an error.
    corrupt,       ///< The file is no journal, or is damaged.
    damaged_block, ///< The bytes of one block do not follow the format.
    locked,        ///< Another program holds the lock of the database.
    older_schema,  ///< An earlier version of the program wrote the file; only the agent brings it up to date.
    refused,       ///< SQLite does not carry out a statement of ours: a table is missing, or the program is at fault.
};

boost::system::error_code make_error_code(errc e) noexcept;

} // namespace kilnwatt::journal

namespace boost::system {
template <>
struct is_error_code_enum<kilnwatt::journal::errc> : std::true_type {};
} // namespace boost::system
