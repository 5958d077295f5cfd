#pragma once

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

/// The only place that includes SQLite. Inside the journal an SQL failure is thrown, so that the SQL reads straight on;
/// the room's public functions catch it.
namespace kilnwatt::journal {

class sqlite_error : public std::runtime_error {
public:
    sqlite_error(int code, std::string const& text);
    boost::system::error_code code() const noexcept { return code_; } ///< an errc of the journal

private:
    boost::system::error_code code_;
};

using blob_view = std::span<std::uint8_t const>;

/// A prepared statement. Parameters and columns are numbered as in SQLite (from 1 and from 0).
class statement {
public:
    statement() = default;
    statement(sqlite3* db, std::string_view sql);

    explicit operator bool() const noexcept { return stmt_ != nullptr; }

    /// Binds all parameters in order; texts and blobs must live until the statement is reset.
    template <class... Args>
    statement& bind(Args const&... args)
    {
        reset();
        int i = 0;
        (bind_one(++i, args), ...);
        return *this;
    }

    bool step(); ///< true: a row is there
    void run();  ///< to the end, then reset
    void reset() noexcept;

    std::int64_t integer(int column) const noexcept;
    std::string text(int column) const;
    blob_view blob(int column) const noexcept; ///< until the next step or reset
    bool null(int column) const noexcept;

private:
    void bind_one(int i, std::int64_t v);
    void bind_one(int i, std::uint64_t v) { bind_one(i, static_cast<std::int64_t>(v)); }
    void bind_one(int i, int v) { bind_one(i, static_cast<std::int64_t>(v)); }
    void bind_one(int i, std::uint32_t v) { bind_one(i, static_cast<std::int64_t>(v)); }
    void bind_one(int i, std::string_view v);
    void bind_one(int i, std::string const& v) { bind_one(i, std::string_view{v}); }
    void bind_one(int i, blob_view v);
    void bind_one(int i, double v);
    void bind_one(int i, std::nullptr_t); ///< NULL
    template <class T>
    void bind_one(int i, std::optional<T> const& v)
    {
        v ? bind_one(i, *v) : bind_one(i, nullptr);
    }

    struct finalize {
        void operator()(sqlite3_stmt* s) const noexcept;
    };
    std::unique_ptr<sqlite3_stmt, finalize> stmt_;
};

/// One connection; one thread at a time.
class database {
public:
    enum class mode { read_write, read_only, immutable };

    database(std::string const& path, mode m);

    void exec(std::string const& sql);
    /// `go_on` is asked every few rows; false interrupts.
    void exec_watched(std::string const& sql, std::function<bool()> go_on);
    statement prepare(std::string_view sql) { return {db_.get(), sql}; }
    std::int64_t integer(std::string_view sql); ///< first column of the first row; 0 when there is none
    std::string text(std::string_view sql);     ///< same as text

private:
    struct close {
        void operator()(sqlite3* db) const noexcept;
    };
    std::unique_ptr<sqlite3, close> db_;
};

/// BEGIN now, ROLLBACK at the end of the scope unless committed.
class transaction {
public:
    enum class kind { read, write };
    explicit transaction(database& db, kind k = kind::write);
    ~transaction();
    transaction(transaction const&) = delete;
    transaction& operator=(transaction const&) = delete;

    void commit();

private:
    database& db_;
    bool open_ = true;
};

} // namespace kilnwatt::journal
