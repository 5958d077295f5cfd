#include "tests/journal/fault/failing_disk.hpp"

#include "tests/journal/fault/disk_layer.hpp"

#include <atomic>
#include <optional>

namespace journal_test {
namespace {

using namespace disk_layer;

std::atomic<int> write_code{SQLITE_OK};
std::atomic<int> sync_code{SQLITE_OK};
std::atomic<int> memory_code{SQLITE_OK};
std::optional<installed> layer;

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

int map(sqlite3_file* f, int page, int size, int extend, void volatile** at)
{
    if (auto const code = memory_code.load(); code != SQLITE_OK)
        return code;
    return pass<&sqlite3_io_methods::xShmMap>(f, page, size, extend, at);
}

int open(sqlite3_vfs*, char const* name, sqlite3_file* f, int flags, int* out_flags)
{
    static auto const ours = [] {
        auto m = passing_methods();
        m.xWrite = write;
        m.xSync = sync;
        m.xShmMap = map;
        return m;
    }();
    return open_below(name, f, flags, out_flags, ours);
}

} // namespace

failing_disk::failing_disk()
{
    work();
    layer.emplace("failing_disk", open);
}

failing_disk::~failing_disk()
{
    layer.reset();
}

void failing_disk::fail_writes(int code)
{
    write_code = code;
}

void failing_disk::fail_memory(int code)
{
    memory_code = code;
}

void failing_disk::fail_syncs(int code)
{
    sync_code = code;
}

void failing_disk::work()
{
    write_code = SQLITE_OK;
    sync_code = SQLITE_OK;
    memory_code = SQLITE_OK;
}

} // namespace journal_test
