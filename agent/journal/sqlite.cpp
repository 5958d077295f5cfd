#include "agent/journal/sqlite.hpp"

#include "agent/journal/error.hpp"

#include <sqlite3.h>

namespace kilnwatt::journal {
namespace {

constexpr int busy_timeout_ms = 5'000;

errc errc_of(int code)
{
    if (code == SQLITE_IOERR_SHMSIZE) // shared memory is a file, too
        return errc::disk_full;
    switch (code & 0xFF) {
    case SQLITE_FULL:
        return errc::disk_full;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return errc::corrupt;
    case SQLITE_ERROR: // says nothing of the file: SQLite has words of its own for a damaged one
        return errc::refused;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
        return errc::cannot_open;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return errc::locked;
    default:
        return errc::io;
    }
}

[[noreturn]] void fail(sqlite3* db, int code)
{
    throw sqlite_error{code, db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code)};
}

/// A path as SQLite's URI, for immutable=1.
std::string immutable_uri(std::string const& path)
{
    constexpr char hex[] = "0123456789ABCDEF";
    std::string uri = "file:";
    for (auto const c : path) {
        if (c != '%' && c != '?' && c != '#') {
            uri += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        uri += {'%', hex[byte >> 4], hex[byte & 15]};
    }
    return uri + "?immutable=1";
}

} // namespace

sqlite_error::sqlite_error(int code, std::string const& text) : std::runtime_error{text}, code_{errc_of(code)} {}

statement::statement(sqlite3* db, std::string_view sql)
{
    sqlite3_stmt* s = nullptr;
    if (auto const rc = sqlite3_prepare_v2(db, sql.data(), static_cast<int>(sql.size()), &s, nullptr); rc != SQLITE_OK)
        fail(db, rc);
    stmt_.reset(s);
}

bool statement::step()
{
    auto const rc = sqlite3_step(stmt_.get());
    if (rc == SQLITE_ROW)
        return true;
    if (rc == SQLITE_DONE)
        return false;
    auto* const db = sqlite3_db_handle(stmt_.get());
    sqlite_error error{rc, sqlite3_errmsg(db)};
    sqlite3_reset(stmt_.get());
    throw error;
}

void statement::run()
{
    while (step()) {
    }
    reset();
}

void statement::reset() noexcept
{
    sqlite3_reset(stmt_.get());
}

void statement::bind_one(int i, std::int64_t v)
{
    if (auto const rc = sqlite3_bind_int64(stmt_.get(), i, v); rc != SQLITE_OK)
        fail(sqlite3_db_handle(stmt_.get()), rc);
}

void statement::bind_one(int i, std::string_view v)
{
    auto const rc =
        sqlite3_bind_text64(stmt_.get(), i, v.data() != nullptr ? v.data() : "", v.size(), SQLITE_STATIC, SQLITE_UTF8);
    if (rc != SQLITE_OK)
        fail(sqlite3_db_handle(stmt_.get()), rc);
}

void statement::bind_one(int i, blob_view v)
{
    auto const rc = v.empty() ? sqlite3_bind_zeroblob(stmt_.get(), i, 0)
                              : sqlite3_bind_blob64(stmt_.get(), i, v.data(), v.size(), SQLITE_STATIC);
    if (rc != SQLITE_OK)
        fail(sqlite3_db_handle(stmt_.get()), rc);
}

void statement::bind_one(int i, double v)
{
    if (auto const rc = sqlite3_bind_double(stmt_.get(), i, v); rc != SQLITE_OK)
        fail(sqlite3_db_handle(stmt_.get()), rc);
}

void statement::bind_one(int i, std::nullptr_t)
{
    if (auto const rc = sqlite3_bind_null(stmt_.get(), i); rc != SQLITE_OK)
        fail(sqlite3_db_handle(stmt_.get()), rc);
}

std::int64_t statement::integer(int column) const noexcept
{
    return sqlite3_column_int64(stmt_.get(), column);
}

std::string statement::text(int column) const
{
    auto const* const t = sqlite3_column_text(stmt_.get(), column);
    auto const size = static_cast<std::size_t>(sqlite3_column_bytes(stmt_.get(), column));
    return t != nullptr ? std::string{reinterpret_cast<char const*>(t), size} : std::string{};
}

blob_view statement::blob(int column) const noexcept
{
    auto const* const b = static_cast<std::uint8_t const*>(sqlite3_column_blob(stmt_.get(), column));
    auto const size = static_cast<std::size_t>(sqlite3_column_bytes(stmt_.get(), column));
    return b != nullptr ? blob_view{b, size} : blob_view{};
}

bool statement::null(int column) const noexcept
{
    return sqlite3_column_type(stmt_.get(), column) == SQLITE_NULL;
}

void statement::finalize::operator()(sqlite3_stmt* s) const noexcept
{
    sqlite3_finalize(s);
}

database::database(std::string const& path, mode m)
{
    sqlite3* db = nullptr;
    auto const flags = SQLITE_OPEN_NOMUTEX | (m == mode::read_write  ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                              : m == mode::read_only ? SQLITE_OPEN_READONLY
                                                                     : SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
    auto const name = m == mode::immutable ? immutable_uri(path) : path;
    auto const rc = sqlite3_open_v2(name.c_str(), &db, flags, nullptr);
    db_.reset(db);
    if (rc != SQLITE_OK)
        fail(db, rc);
    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, busy_timeout_ms);
}

void database::exec(std::string const& sql)
{
    if (auto const rc = sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr); rc != SQLITE_OK)
        fail(db_.get(), rc);
}

void database::exec_watched(std::string const& sql, std::function<bool()> go_on)
{
    constexpr int steps = 200; // a row of a segment takes a handful
    auto const ask = [](void* f) { return (*static_cast<std::function<bool()>*>(f))() ? 0 : 1; };
    sqlite3_progress_handler(db_.get(), steps, ask, &go_on);
    auto const rc = sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    sqlite3_progress_handler(db_.get(), 0, nullptr, nullptr);
    if (rc != SQLITE_OK)
        fail(db_.get(), rc);
}

std::int64_t database::integer(std::string_view sql)
{
    auto s = prepare(sql);
    return s.step() ? s.integer(0) : 0;
}

std::string database::text(std::string_view sql)
{
    auto s = prepare(sql);
    return s.step() ? s.text(0) : std::string{};
}

void database::close::operator()(sqlite3* db) const noexcept
{
    sqlite3_close_v2(db);
}

transaction::transaction(database& db, kind k) : db_{db}
{
    db_.exec(k == kind::write ? "BEGIN IMMEDIATE" : "BEGIN");
}

transaction::~transaction()
{
    if (!open_)
        return;
    try {
        db_.exec("ROLLBACK");
    } catch (sqlite_error const&) {
        // SQLite has already rolled back: a full disk or an I/O error ends the transaction by itself
    }
}

void transaction::commit()
{
    db_.exec("COMMIT");
    open_ = false;
}

} // namespace kilnwatt::journal
