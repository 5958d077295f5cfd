#include "agent/journal/error.hpp"
#include "agent/journal/inbox.hpp"
#include "agent/journal/retention.hpp"
#include "agent/journal/schema.hpp"
#include "agent/journal/store.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace kilnwatt::journal {
namespace {

constexpr std::int64_t segments_an_age = 8; ///< so that retention by age drops an eighth at a time

std::string utc_text(utc_time t)
{
    return fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(t)));
}

/// Moves the file and what SQLite keeps beside it; false with the system's words.
bool set_aside(std::string const& path, std::string const& aside, std::string& why)
{
    for (std::string_view const suffix : {"", "-wal", "-shm"}) {
        auto const from = fmt::format("{}{}", path, suffix);
        auto const to = fmt::format("{}{}", aside, suffix);
        if (std::rename(from.c_str(), to.c_str()) != 0 && errno != ENOENT) {
            why = fmt::format("cannot rename {} to {}: {}", from, to, std::strerror(errno));
            return false;
        }
    }
    return true;
}

} // namespace

store::store(options const& o, file_lock lock, std::unique_ptr<database> db)
    : options_{o}, lock_{std::move(lock)}, db_{std::move(db)}, index_{*db_}, reader_{index_.view()}, reserve_{o.path}
{
    for (int i = 0; i < stream_count; ++i) {
        auto const s = static_cast<stream>(i);
        auto open_max = o.budgets[static_cast<std::size_t>(budget_of(s))].age;
        if (open_max)
            *open_max /= segments_an_age;
        writers_.emplace_back(*db_, s, segment_bytes_of(s, o.budgets, o.segment_bytes), open_max);
    }
}

result<std::unique_ptr<store>> store::open(options const& o, stamp now, machine_run const& run, std::string& why)
{
    why.clear();
    file_lock lock;
    switch (lock.take(o.path, why)) {
    case file_lock::outcome::taken:
        break;
    case file_lock::outcome::held_by_other:
        return make_error_code(errc::in_use);
    case file_lock::outcome::failed:
        return make_error_code(errc::cannot_open);
    }
    std::string damage;
    beginning const b{now, run};
    auto opened = try_open(o, b, frugality::none, lock, why, damage);
    auto const on_full_disk = [&](frugality how) {
        std::string ignored;
        if (opened.has_error() && opened.error() == errc::disk_full)
            opened = try_open(o, b, how, lock, ignored, damage);
    };
    if (opened.has_error() && opened.error() == errc::disk_full && disk_reserve{o.path}.release())
        on_full_disk(frugality::none);
    on_full_disk(frugality::no_write);
    on_full_disk(frugality::no_memory);
    if (opened.has_value())
        why.clear();
    if (opened.has_value() || damage.empty())
        return opened;

    auto const aside = fmt::format("{}.corrupt-{}", o.path, utc_text(now.utc));
    if (!set_aside(o.path, aside, why))
        return make_error_code(errc::cannot_open);
    std::string again;
    opened = try_open(o, b, frugality::none, lock, why, again);
    if (opened.has_value())
        why = fmt::format("the journal {} was set aside as {} and a new one started: {}", o.path, aside, damage);
    return opened;
}

/// Fails with `damage` when the file should be set aside, otherwise with `why`. Keeps the lock when it fails.
result<std::unique_ptr<store>> store::try_open(options const& o, beginning const& b, frugality how, file_lock& lock,
                                               std::string& why, std::string& damage)
{
    try {
        auto db = std::make_unique<database>(o.path, database::mode::read_write);
        if (how == frugality::no_memory)
            db->exec("PRAGMA locking_mode = EXCLUSIVE");
        switch (identify(*db)) {
        case identity::foreign:
            damage = "it is the database of another program";
            return make_error_code(errc::corrupt);
        case identity::newer:
            why = fmt::format("the journal {} has schema {}, this program knows up to {}: install a newer version, or "
                              "move the file away",
                              o.path, db->integer("PRAGMA user_version"), schema_newest);
            return make_error_code(errc::newer_schema);
        case identity::empty:
        case identity::ours:
            break;
        }
        configure_writer(*db, o.sync_full);
        migrate(*db);
        if (auto const table = missing_table(*db); !table.empty()) {
            damage = fmt::format("its table {} is missing", table);
            return make_error_code(errc::corrupt);
        }
        std::unique_ptr<store> s{new store{o, file_lock{}, std::move(db)}};
        if (!s->load()) {
            damage = "its newest rows do not decode";
            return make_error_code(errc::corrupt);
        }
        s->start_boot(b);
        if (how == frugality::none)
            s->write_boot();
        s->lock_ = std::move(lock);
        s->reserve_.hold();
        return s;
    } catch (sqlite_error const& e) {
        if (e.code() == errc::corrupt)
            damage = e.what();
        else
            why = fmt::format("cannot open the journal {}: {}", o.path, e.what());
        return e.code();
    }
}

bool store::load()
{
    if (!index_.load())
        return false;
    saved_seqs_ = index_.seqs;
    next_segment_ = index_.segments.id_max() + 1;
    for (int s = 0; s < stream_count; ++s)
        writers_[static_cast<std::size_t>(s)].resume(index_.segments.of(static_cast<stream>(s)));
    uptime_base_ = db_->integer("SELECT value FROM meta WHERE key = 'uptime'");
    counted_uptime_ = uptime_base_;
    epoch_ = db_->text("SELECT value FROM meta WHERE key = 'epoch'");
    return true;
}

void store::start_boot(beginning const& b)
{
    boot_mono_ = b.now.mono;
    boot_ = static_cast<std::uint32_t>(db_->integer("SELECT coalesce(max(id), 0) + 1 FROM boot"));
    boot_unwritten_ = b;
    index_.clocks.belongs(boot_, b.run);
}

void store::write_boot()
{
    db_->prepare("INSERT INTO boot(id, started, machine, machine_ms) VALUES(?, ?, ?, ?)")
        .bind(boot_, std::int64_t{boot_unwritten_->now.utc.time_since_epoch().count()}, boot_unwritten_->run.id,
              std::int64_t{boot_unwritten_->run.started.count()})
        .run();
    boot_unwritten_.reset();
}

std::map<std::string, saved_cursor> store::cursors()
{
    std::map<std::string, saved_cursor> all;
    try {
        auto rows = db_->prepare("SELECT sink, unconfirmed, body FROM cursor");
        while (rows.step()) {
            auto const body = rows.blob(2);
            all[rows.text(0)] = {{body.begin(), body.end()}, static_cast<position>(rows.integer(1))};
        }
    } catch (sqlite_error const&) {
        all.clear(); // without cursors everything is sent again, nothing is lost
    }
    return all;
}

std::vector<row> store::inbox(std::int64_t& last)
{
    try {
        return waiting(*db_, inbox_chunk, last);
    } catch (sqlite_error const&) {
        last = 0; // it waits
        return {};
    }
}

std::optional<saved_snapshot> store::snapshot()
{
    try {
        auto row = db_->prepare("SELECT covers, snapshot FROM stage WHERE id = 1");
        if (!row.step())
            return std::nullopt;
        auto const body = row.blob(1);
        return saved_snapshot{{body.begin(), body.end()}, static_cast<position>(row.integer(0))};
    } catch (sqlite_error const&) {
        return std::nullopt; // the stage replays what the journal has
    }
}

} // namespace kilnwatt::journal
