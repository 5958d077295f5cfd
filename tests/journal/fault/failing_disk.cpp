#include "tests/journal/fault/failing_disk.hpp"

#include <sqlite3.h>

#include <atomic>
#include <new>

namespace journal_test {
namespace {

std::atomic<int> write_code{SQLITE_OK};
std::atomic<int> sync_code{SQLITE_OK};
sqlite3_vfs* below = nullptr;

/// What SQLite holds of an open file; the file of the layer below follows it in memory.
struct layered_file {
    sqlite3_file base;

    static sqlite3_file* under(sqlite3_file* f)
    {
        return reinterpret_cast<sqlite3_file*>(reinterpret_cast<layered_file*>(f) + 1);
    }
};

template <auto Method, class... Args>
auto pass(sqlite3_file* f, Args... args)
{
    auto* const under = layered_file::under(f);
    return (under->pMethods->*Method)(under, args...);
}

int write(sqlite3_file* f, void const* bytes, int size, sqlite3_int64 at)
{
    if (auto const code = write_code.load(); code != SQLITE_OK)
        return code;
    return pass<&sqlite3_io_methods::xWrite>(f, bytes, size, at);
}

int sync(sqlite3_file* f, int flags)
{
    if (auto const code = sync_code.load(); code != SQLITE_OK)
        return code;
    return pass<&sqlite3_io_methods::xSync>(f, flags);
}

sqlite3_io_methods methods()
{
    sqlite3_io_methods m{};
    m.iVersion = 2; // shared memory for the log, no memory mapping of the file
    m.xClose = [](sqlite3_file* f) { return pass<&sqlite3_io_methods::xClose>(f); };
    m.xRead = [](sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
        return pass<&sqlite3_io_methods::xRead>(f, to, size, at);
    };
    m.xWrite = write;
    m.xTruncate = [](sqlite3_file* f, sqlite3_int64 size) { return pass<&sqlite3_io_methods::xTruncate>(f, size); };
    m.xSync = sync;
    m.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) { return pass<&sqlite3_io_methods::xFileSize>(f, size); };
    m.xLock = [](sqlite3_file* f, int level) { return pass<&sqlite3_io_methods::xLock>(f, level); };
    m.xUnlock = [](sqlite3_file* f, int level) { return pass<&sqlite3_io_methods::xUnlock>(f, level); };
    m.xCheckReservedLock = [](sqlite3_file* f, int* held) {
        return pass<&sqlite3_io_methods::xCheckReservedLock>(f, held);
    };
    m.xFileControl = [](sqlite3_file* f, int op, void* arg) {
        return pass<&sqlite3_io_methods::xFileControl>(f, op, arg);
    };
    m.xSectorSize = [](sqlite3_file* f) { return pass<&sqlite3_io_methods::xSectorSize>(f); };
    m.xDeviceCharacteristics = [](sqlite3_file* f) { return pass<&sqlite3_io_methods::xDeviceCharacteristics>(f); };
    m.xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** at) {
        return pass<&sqlite3_io_methods::xShmMap>(f, page, size, extend, at);
    };
    m.xShmLock = [](sqlite3_file* f, int offset, int n, int flags) {
        return pass<&sqlite3_io_methods::xShmLock>(f, offset, n, flags);
    };
    m.xShmBarrier = [](sqlite3_file* f) { pass<&sqlite3_io_methods::xShmBarrier>(f); };
    m.xShmUnmap = [](sqlite3_file* f, int remove) { return pass<&sqlite3_io_methods::xShmUnmap>(f, remove); };
    return m;
}

int open(sqlite3_vfs*, char const* name, sqlite3_file* f, int flags, int* out_flags)
{
    static auto const ours = methods();
    auto* const file = new (f) layered_file{};
    auto* const under = layered_file::under(f);
    auto const code = below->xOpen(below, name, under, flags, out_flags);
    file->base.pMethods = under->pMethods != nullptr ? &ours : nullptr;
    return code;
}

sqlite3_vfs layer;

} // namespace

failing_disk::failing_disk()
{
    work();
    below = sqlite3_vfs_find("unix");
    layer = *below;
    layer.pNext = nullptr;
    layer.zName = "failing_disk";
    layer.szOsFile = static_cast<int>(sizeof(layered_file)) + below->szOsFile;
    layer.xOpen = open;
    sqlite3_vfs_register(&layer, 1);
}

failing_disk::~failing_disk()
{
    sqlite3_vfs_unregister(&layer);
    sqlite3_vfs_register(below, 1);
}

void failing_disk::fail_writes(int code)
{
    write_code = code;
}

void failing_disk::fail_syncs(int code)
{
    sync_code = code;
}

void failing_disk::work()
{
    write_code = SQLITE_OK;
    sync_code = SQLITE_OK;
}

} // namespace journal_test
