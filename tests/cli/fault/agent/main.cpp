#include "agent/cli/program.hpp"
#include "tests/journal/fault/failing_disk.hpp"

#include <sqlite3.h>

#include <csignal>
#include <cstdlib>
#include <string_view>

namespace {

journal_test::failing_disk* disk = nullptr;
int write_code = SQLITE_OK;
int sync_code = SQLITE_OK;

void fail(int)
{
    disk->fail_writes(write_code);
    disk->fail_syncs(sync_code);
}

void work(int)
{
    disk->work();
}

} // namespace

/// `kilnwatt` on a disk that fails from SIGUSR1 to SIGUSR2. KILNWATT_TEST_FAULT says how: full, write, sync or, from
/// the start on, full-at-start.
int main(int argc, char** argv)
{
    journal_test::failing_disk layer;
    disk = &layer;
    auto const* const wanted = std::getenv("KILNWATT_TEST_FAULT");
    std::string_view const fault = wanted != nullptr ? wanted : "";
    if (fault == "full" || fault == "full-at-start")
        write_code = SQLITE_FULL;
    else if (fault == "write")
        write_code = SQLITE_IOERR_WRITE;
    else if (fault == "sync")
        sync_code = SQLITE_IOERR_FSYNC;
    if (fault == "full-at-start")
        fail(0);
    std::signal(SIGUSR1, fail);
    std::signal(SIGUSR2, work);
    return kilnwatt::cli::run_program(argc, argv);
}
