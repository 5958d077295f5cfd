#pragma once

namespace journal_test {

/// Puts itself between SQLite and the files for as long as it lives: one at a time, made before a journal is opened and
/// gone after it. Calls fail with SQLite's codes (0 = they work); may be changed from any thread at any time.
class failing_disk {
public:
    failing_disk();
    ~failing_disk();
    failing_disk(failing_disk const&) = delete;
    failing_disk& operator=(failing_disk const&) = delete;

    void fail_writes(int code); ///< SQLITE_FULL, SQLITE_IOERR_WRITE
    void fail_syncs(int code);  ///< SQLITE_IOERR_FSYNC
    void fail_memory(int code); ///< SQLITE_IOERR_SHMSIZE: no room for the file of the shared memory
    void work();                ///< again
};

} // namespace journal_test
