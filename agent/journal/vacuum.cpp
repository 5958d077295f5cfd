#include "agent/journal/vacuum.hpp"

#include "agent/journal/disk_reserve.hpp"
#include "agent/journal/error.hpp"
#include "agent/journal/file_lock.hpp"
#include "agent/journal/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kilnwatt::journal {
namespace {

namespace fs = std::filesystem;

std::uint64_t size_of(std::string const& path)
{
    std::error_code ec;
    auto const size = fs::file_size(path, ec);
    return ec ? 0 : size;
}

std::string quoted(std::string const& text)
{
    std::string out{'\''};
    for (auto const c : text)
        out += c == '\'' ? "''" : std::string(1, c);
    return out + '\'';
}

bool sync(std::string const& path, int flags)
{
    auto const fd = ::open(path.c_str(), flags | O_CLOEXEC);
    if (fd < 0)
        return false;
    auto const done = ::fsync(fd) == 0;
    ::close(fd);
    return done;
}

/// Owner and mode of the old file, its bytes on the disk, its name; false with errno.
bool replace(std::string const& fresh, std::string const& path)
{
    struct stat old {};
    if (::stat(path.c_str(), &old) != 0 || ::chmod(fresh.c_str(), old.st_mode & 07777) != 0 ||
        ::chown(fresh.c_str(), old.st_uid, old.st_gid) != 0)
        return false;
    if (!sync(fresh, O_RDWR) || std::rename(fresh.c_str(), path.c_str()) != 0)
        return false;
    (void)sync(fs::absolute(path).parent_path().string(), O_RDONLY | O_DIRECTORY);
    return true;
}

/// The file without a log, and nobody else in it until `db` is closed.
void take_alone(database& db)
{
    db.exec("PRAGMA locking_mode = EXCLUSIVE");
    db.exec("PRAGMA journal_mode = DELETE"); // empties the log into the file
    db.exec("BEGIN EXCLUSIVE");
    db.exec("COMMIT");
}

/// A file that goes unless it was put in place.
struct leftover {
    std::string path;
    ~leftover() { ::unlink(path.c_str()); }
};

result<void> check(database& db, std::string const& path, std::string& why)
{
    auto const what = identify(db);
    if (what == identity::ours)
        return {};
    why = what == identity::newer ? fmt::format("the journal {} was written by a newer version of this program", path)
                                  : fmt::format("{} is no journal of kilnwatt", path);
    return make_error_code(what == identity::newer ? errc::newer_schema : errc::corrupt);
}

} // namespace

result<vacuum_result> vacuum(std::string const& path, std::function<bool(double share)> const& report, std::string& why)
{
    why.clear();
    if (std::error_code ec; !fs::exists(path, ec)) {
        why = fmt::format("there is no journal {}", path);
        return make_error_code(errc::cannot_open);
    }
    file_lock lock;
    switch (lock.take(path, why)) {
    case file_lock::outcome::taken:
        break;
    case file_lock::outcome::held_by_other:
        why += "; stop the agent first";
        return make_error_code(errc::in_use);
    case file_lock::outcome::failed:
        return make_error_code(errc::cannot_open);
    }
    try {
        vacuum_result out{.bytes_before = size_of(path) + size_of(path + "-wal")};
        database db{path, database::mode::read_write};
        if (auto const ours = check(db, path, why); ours.has_error())
            return ours.error();
        take_alone(db);
        auto const pages = db.integer("PRAGMA page_count") - db.integer("PRAGMA freelist_count");
        auto const needed =
            static_cast<std::uint64_t>(std::max<std::int64_t>(pages, 1) * db.integer("PRAGMA page_size"));
        if (auto const free = disk_free(path); free < needed) {
            why = fmt::format("{} bytes of free disk are needed beside {}, there are {}", needed, path, free);
            return make_error_code(errc::disk_full);
        }
        leftover const fresh{path + ".vacuum"}; // also of a run that was killed
        ::unlink(fresh.path.c_str());
        db.exec_watched("VACUUM INTO " + quoted(fresh.path), [&] {
            return report(std::min(1.0, static_cast<double>(size_of(fresh.path)) / static_cast<double>(needed)));
        });
        out.bytes_after = size_of(fresh.path);
        if (!replace(fresh.path, path)) {
            why = fmt::format("cannot put {} in the place of {}: {}", fresh.path, path, std::strerror(errno));
            return make_error_code(errc::io);
        }
        (void)report(1.0);
        return out;
    } catch (sqlite_error const& e) {
        why = fmt::format("cannot vacuum the journal {}: {}", path,
                          e.code() == errc::locked ? e.code().message() : std::string{e.what()});
        return e.code();
    }
}

} // namespace kilnwatt::journal
