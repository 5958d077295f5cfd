#include "agent/journal/inbox.hpp"

#include "agent/journal/error.hpp"
#include "agent/journal/file_lock.hpp"
#include "agent/journal/row_json.hpp"
#include "agent/journal/schema.hpp"

#include <fmt/format.h>

#include <filesystem>

#include <sys/stat.h>
#include <unistd.h>

namespace kilnwatt::journal {
namespace {

namespace fs = std::filesystem;

/// A file that root makes belongs to the owner of its folder, so that the agent's user can write it.
void give_to_folder_owner(std::string const& path)
{
    struct stat folder {};
    auto const parent = fs::absolute(path).parent_path();
    if (::geteuid() != 0 || ::stat(parent.c_str(), &folder) != 0)
        return;
    for (std::string_view const suffix : {"", "-wal", "-shm", ".lock"})
        if (::chown(fmt::format("{}{}", path, suffix).c_str(), folder.st_uid, folder.st_gid) != 0)
            continue; // not there
}

/// Brings the file to this program's schema, which only the holder of the lock may do.
result<void> prepare(database& db, std::string const& path, std::string& why)
{
    auto const what = identify(db);
    if (what == identity::ours && db.integer("PRAGMA user_version") == schema_newest)
        return {};
    if (what == identity::foreign || what == identity::newer) {
        why = what == identity::foreign
                  ? fmt::format("{} is no journal of kilnwatt", path)
                  : fmt::format("the journal {} was written by a newer version of this program", path);
        return what == identity::foreign ? errc::corrupt : errc::newer_schema;
    }
    file_lock lock;
    if (lock.take(path, why) != file_lock::outcome::taken) {
        why += "; it is of an earlier version: restart it, then try again";
        return errc::in_use;
    }
    configure_writer(db, true);
    migrate(db);
    give_to_folder_owner(path);
    return {};
}

/// Tells one file from another that was put in its place; 0 when there is none.
std::uint64_t file_number(std::string const& path)
{
    struct stat s {};
    return ::stat(path.c_str(), &s) == 0 ? s.st_ino : 0;
}

result<void> deposit_once(std::string const& path, std::vector<row> const& rows, std::string& why)
{
    try {
        database db{path, database::mode::read_write};
        if (auto const ready = prepare(db, path, why); ready.has_error())
            return ready.error();
        transaction t{db};
        auto const held = db.integer("SELECT count(*) FROM inbox");
        if (static_cast<std::size_t>(held) + rows.size() > inbox_rows_max) {
            why = fmt::format("{} entries wait in {} already, at most {} may: start the agent, which takes them over",
                              held, path, inbox_rows_max);
            return make_error_code(errc::in_use);
        }
        auto put = db.prepare("INSERT INTO inbox(body) VALUES(?)");
        for (auto const& r : rows) {
            auto const body = to_json(r);
            put.bind(body).run();
        }
        t.commit();
        return {};
    } catch (sqlite_error const& e) {
        why = fmt::format("cannot write the journal {}: {}", path, e.what());
        return e.code();
    }
}

} // namespace

result<void> deposit(std::string const& path, std::vector<row> const& rows, std::string& why)
{
    constexpr int tries = 3;
    for (int i = 0; i < tries; ++i) {
        why.clear();
        auto const before = file_number(path);
        if (auto const done = deposit_once(path, rows, why); done.has_error())
            return done.error();
        if (before == 0 || file_number(path) == before)
            return {};
    } // a vacuum has put another file in its place meanwhile
    why = fmt::format("the journal {} is replaced again and again", path);
    return make_error_code(errc::in_use);
}

std::vector<row> waiting(database& db, std::size_t max, std::int64_t& last)
{
    last = 0;
    std::vector<row> rows;
    if (db.integer("SELECT count(*) FROM sqlite_master WHERE name = 'inbox'") == 0)
        return rows;
    auto all = db.prepare("SELECT id, body FROM inbox ORDER BY id LIMIT ?");
    all.bind(static_cast<std::uint64_t>(max));
    while (all.step()) {
        last = all.integer(0);
        if (auto r = row_from_json(all.text(1)))
            rows.push_back(std::move(*r));
    }
    return rows;
}

} // namespace kilnwatt::journal
