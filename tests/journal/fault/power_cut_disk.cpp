#include "tests/journal/fault/power_cut_disk.hpp"

#include "tests/journal/fault/disk_layer.hpp"

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

namespace journal_test {
namespace {

using namespace disk_layer;

constexpr std::size_t sector = 512;

/// One write, or a change of length when there are no bytes.
struct change {
    std::size_t at;
    std::string bytes;
};

struct image {
    std::string durable;         ///< as of the last sync
    std::vector<change> pending; ///< since then, in order
};

void write_into(std::string& file, std::size_t at, std::string_view bytes)
{
    if (file.size() < at + bytes.size())
        file.resize(at + bytes.size());
    bytes.copy(file.data() + at, bytes.size());
}

void apply(std::string& file, change const& c)
{
    if (c.bytes.empty())
        file.resize(c.at);
    else
        write_into(file, c.at, c.bytes);
}

struct disk {
    disk(std::string f, std::uint32_t seed, unsigned e, std::function<std::int64_t()> p)
        : folder{std::move(f)}, random{seed}, every{e}, promised{std::move(p)}
    {}

    bool holds(char const* name) const { return name != nullptr && std::string_view{name}.starts_with(folder); }

    void maybe_cut()
    {
        if (random() % every != 0)
            return;
        power_cut_disk::cut c;
        c.promised = promised();
        auto const kept_in_ten = random() % 11; // of the sectors that were not synced
        for (auto const& [path, i] : images) {
            auto file = i.durable;
            for (auto const& p : i.pending)
                if (p.bytes.empty())
                    random() % 10 < kept_in_ten ? apply(file, p) : void();
                else
                    for (std::size_t at = 0; at < p.bytes.size(); at += sector)
                        if (random() % 10 < kept_in_ten)
                            write_into(file, p.at + at, std::string_view{p.bytes}.substr(at, sector));
            c.files.emplace(path, std::move(file));
        }
        cuts.push_back(std::move(c));
    }

    std::string folder;
    std::mt19937 random;
    unsigned every;
    std::function<std::int64_t()> promised;
    std::mutex mutex;
    std::map<std::string, image> images;
    std::vector<power_cut_disk::cut> cuts;
};

std::optional<disk> now;
std::optional<installed> layer;

char const* name_of(sqlite3_file* f)
{
    return reinterpret_cast<layered_file*>(f)->name;
}

int changed(sqlite3_file* f, int code, change c)
{
    if (code != SQLITE_OK || !now->holds(name_of(f)))
        return code;
    std::lock_guard const lock{now->mutex};
    now->images[name_of(f)].pending.push_back(std::move(c));
    now->maybe_cut();
    return code;
}

int write(sqlite3_file* f, void const* bytes, int size, sqlite3_int64 at)
{
    auto const code = pass<&sqlite3_io_methods::xWrite>(f, bytes, size, at);
    return changed(f, code,
                   {static_cast<std::size_t>(at), {static_cast<char const*>(bytes), static_cast<std::size_t>(size)}});
}

int truncate(sqlite3_file* f, sqlite3_int64 size)
{
    auto const code = pass<&sqlite3_io_methods::xTruncate>(f, size);
    return changed(f, code, {static_cast<std::size_t>(size), {}});
}

/// The files themselves need no sync: nobody cuts the power of the machine that runs the test.
int sync(sqlite3_file* f, int flags)
{
    if (!now->holds(name_of(f)))
        return pass<&sqlite3_io_methods::xSync>(f, flags);
    std::lock_guard const lock{now->mutex};
    now->maybe_cut(); // before it reached the disk
    auto& i = now->images[name_of(f)];
    for (auto const& c : i.pending)
        apply(i.durable, c);
    i.pending.clear();
    return SQLITE_OK;
}

int open(sqlite3_vfs*, char const* name, sqlite3_file* f, int flags, int* out_flags)
{
    static auto const ours = [] {
        auto m = passing_methods();
        m.xWrite = write;
        m.xTruncate = truncate;
        m.xSync = sync;
        return m;
    }();
    return open_below(name, f, flags, out_flags, ours);
}

int remove(sqlite3_vfs*, char const* name, int sync_folder)
{
    auto const code = installed::below()->xDelete(installed::below(), name, sync_folder);
    if (now->holds(name)) {
        std::lock_guard const lock{now->mutex};
        now->images.erase(name);
    }
    return code;
}

} // namespace

power_cut_disk::power_cut_disk(std::string folder, std::uint32_t seed, unsigned every,
                               std::function<std::int64_t()> promised)
{
    now.emplace(std::move(folder), seed, every, std::move(promised));
    layer.emplace("power_cut_disk", open, remove);
}

power_cut_disk::~power_cut_disk()
{
    layer.reset();
    now.reset();
}

std::vector<power_cut_disk::cut> power_cut_disk::take_cuts()
{
    std::lock_guard const lock{now->mutex};
    return std::exchange(now->cuts, {});
}

} // namespace journal_test
