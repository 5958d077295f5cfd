#pragma once

#include <sqlite3.h>

#include <new>

/// What every layer between SQLite and the system's files needs.
namespace journal_test::disk_layer {

/// What SQLite holds of an open file; the file of the layer below follows it in memory.
struct layered_file {
    sqlite3_file base;
    char const* name; ///< SQLite's; lives as long as the file is open

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

/// Everything goes to the layer below; a layer replaces what it changes.
inline sqlite3_io_methods passing_methods()
{
    sqlite3_io_methods m{};
    m.iVersion = 2; // shared memory for the log, no memory mapping of the file
    m.xClose = [](sqlite3_file* f) { return pass<&sqlite3_io_methods::xClose>(f); };
    m.xRead = [](sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
        return pass<&sqlite3_io_methods::xRead>(f, to, size, at);
    };
    m.xWrite = [](sqlite3_file* f, void const* from, int size, sqlite3_int64 at) {
        return pass<&sqlite3_io_methods::xWrite>(f, from, size, at);
    };
    m.xTruncate = [](sqlite3_file* f, sqlite3_int64 size) { return pass<&sqlite3_io_methods::xTruncate>(f, size); };
    m.xSync = [](sqlite3_file* f, int flags) { return pass<&sqlite3_io_methods::xSync>(f, flags); };
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

/// A layer named `name` over the system's files, made the default; `open` begins with open_below().
class installed {
public:
    using opener = int (*)(sqlite3_vfs*, char const*, sqlite3_file*, int, int*);
    using remover = int (*)(sqlite3_vfs*, char const*, int);

    explicit installed(char const* name, opener open, remover remove = nullptr)
    {
        below() = sqlite3_vfs_find("unix");
        layer_ = *below();
        layer_.pNext = nullptr;
        layer_.zName = name;
        layer_.szOsFile = static_cast<int>(sizeof(layered_file)) + below()->szOsFile;
        layer_.xOpen = open;
        if (remove != nullptr)
            layer_.xDelete = remove;
        sqlite3_vfs_register(&layer_, 1);
    }
    ~installed()
    {
        sqlite3_vfs_unregister(&layer_);
        sqlite3_vfs_register(below(), 1);
    }
    installed(installed const&) = delete;
    installed& operator=(installed const&) = delete;

    static sqlite3_vfs*& below()
    {
        static sqlite3_vfs* vfs = nullptr;
        return vfs;
    }

private:
    sqlite3_vfs layer_{};
};

inline int open_below(char const* name, sqlite3_file* f, int flags, int* out_flags, sqlite3_io_methods const& ours)
{
    auto* const file = new (f) layered_file{};
    file->name = name;
    auto* const under = layered_file::under(f);
    auto const code = installed::below()->xOpen(installed::below(), name, under, flags, out_flags);
    file->base.pMethods = under->pMethods != nullptr ? &ours : nullptr;
    return code;
}

} // namespace journal_test::disk_layer
