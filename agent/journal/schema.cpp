#include "agent/journal/schema.hpp"

#include <fmt/format.h>

#include <array>
#include <random>

namespace kilnwatt::journal {
namespace {

/// Step n brings schema n to n + 1. A step that has shipped is never edited.
constexpr std::array migrations{
    R"sql(
CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE boot(id INTEGER PRIMARY KEY, started INTEGER NOT NULL);
CREATE TABLE clock(first INTEGER PRIMARY KEY, boot INTEGER NOT NULL, utc_offset INTEGER NOT NULL,
                   trusted INTEGER NOT NULL);
CREATE TABLE layout(id INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE);
CREATE TABLE segment(id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
                     bytes INTEGER NOT NULL, utc_min INTEGER NOT NULL, utc_max INTEGER NOT NULL,
                     created INTEGER NOT NULL);
CREATE TABLE sequence(device TEXT NOT NULL, stream INTEGER NOT NULL, seq INTEGER NOT NULL,
                      PRIMARY KEY(device, stream)) WITHOUT ROWID;
CREATE TABLE ledger(device TEXT PRIMARY KEY, unstored INTEGER NOT NULL, dropped INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE cursor(sink TEXT PRIMARY KEY, unconfirmed INTEGER NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE stage(id INTEGER PRIMARY KEY CHECK(id = 1), covers INTEGER NOT NULL, snapshot BLOB NOT NULL);
INSERT INTO meta VALUES('counted', 1);
)sql",
    R"sql(
ALTER TABLE segment ADD COLUMN opened INTEGER NOT NULL DEFAULT 0;
INSERT INTO meta VALUES('uptime', 0);
)sql",
    R"sql(
CREATE TABLE inbox(id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL);
)sql",
    R"sql(
ALTER TABLE boot ADD COLUMN machine TEXT NOT NULL DEFAULT '';
ALTER TABLE boot ADD COLUMN machine_ms INTEGER NOT NULL DEFAULT 0;
)sql",
};
static_assert(migrations.size() == schema_newest);

constexpr int wal_pages = 1000; ///< checkpoint after about 4 MB
constexpr int wal_bytes_kept = 4 << 20;

/// Eight letters and digits (40 bits), enough to tell the files of one site apart.
std::string random_epoch()
{
    constexpr std::string_view alphabet = "abcdefghijkmnpqrstuvwxyz23456789";
    static_assert(alphabet.size() == 32);
    std::random_device random;
    std::string epoch;
    for (int i = 0; i < 8; ++i)
        epoch += alphabet[random() % alphabet.size()];
    return epoch;
}

} // namespace

identity identify(database& db)
{
    auto const id = db.integer("PRAGMA application_id");
    auto const version = db.integer("PRAGMA user_version");
    if (db.integer("PRAGMA schema_version") == 0 && id == 0)
        return identity::empty;
    if (id != application_id)
        return identity::foreign;
    return version > schema_newest ? identity::newer : identity::ours;
}

void migrate(database& db, std::int64_t to)
{
    auto const from = db.integer("PRAGMA user_version");
    if (from >= to)
        return;
    transaction t{db};
    for (auto version = from; version < to; ++version)
        db.exec(migrations[static_cast<std::size_t>(version)]);
    db.exec(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id, to));
    if (from == 0)
        db.prepare("INSERT INTO meta VALUES('epoch', ?)").bind(random_epoch()).run();
    t.commit();
}

std::string missing_table(database& db)
{
    constexpr std::array tables{"meta",     "boot",   "clock",  "layout", "segment",
                                "sequence", "ledger", "cursor", "stage",  "inbox"};
    auto find = db.prepare("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?");
    for (std::string_view const name : tables)
        if (!find.bind(name).step() || find.integer(0) == 0)
            return std::string{name};
    return db.text("SELECT 'segment_' || id FROM segment "
                   "WHERE 'segment_' || id NOT IN (SELECT name FROM sqlite_master WHERE type = 'table')");
}

void configure_writer(database& db, bool sync_full)
{
    db.exec("PRAGMA secure_delete = OFF");
    db.exec("PRAGMA journal_mode = WAL");
    db.exec(fmt::format("PRAGMA synchronous = {}", sync_full ? "FULL" : "NORMAL"));
    db.exec(fmt::format("PRAGMA wal_autocheckpoint = {}; PRAGMA journal_size_limit = {}", wal_pages, wal_bytes_kept));
    db.exec("PRAGMA temp_store = MEMORY");
}

} // namespace kilnwatt::journal
