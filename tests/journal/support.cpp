#include "tests/journal/support.hpp"

#include "agent/journal/row_encoder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <future>
#include <stdexcept>

namespace journal_test {
namespace {

constexpr std::int64_t day_one_ms = 1'767'225'600'000; // 2026-01-01
constexpr std::chrono::minutes patience{1};

} // namespace

temporary_folder::temporary_folder()
{
    auto name = (std::filesystem::temp_directory_path() / "kilnwatt-journal-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
        throw std::runtime_error{"no temporary folder"};
    folder_ = name;
}

temporary_folder::~temporary_folder()
{
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::vector<std::string> temporary_folder::files() const
{
    std::vector<std::string> names;
    for (auto const& f : std::filesystem::directory_iterator{folder_})
        names.push_back(f.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

column col(std::string name, value_kind kind)
{
    column c;
    c.name = std::move(name);
    c.kind = kind;
    return c;
}

layout_ptr simple_layout(std::string device, int columns, stream kind)
{
    layout l{std::move(device), kind, "test", {}};
    for (int i = 0; i < columns; ++i)
        l.columns.push_back(col("c" + std::to_string(i)));
    return std::make_shared<layout const>(std::move(l));
}

row simple_row(layout_ptr l, std::int64_t ms, std::vector<std::int64_t> const& values)
{
    row r;
    r.layout = std::move(l);
    r.time = {mono_time{milliseconds{ms}}, utc_time{milliseconds{day_one_ms + ms}}};
    for (auto const v : values)
        r.cells.push_back(cell_of(v));
    return r;
}

layout_ptr random_layout(std::mt19937_64& random, std::string device, stream kind)
{
    layout l{std::move(device), kind, "random", {}};
    auto const columns = random() % 20;
    for (std::size_t i = 0; i < columns; ++i) {
        auto c = col("c" + std::to_string(i), static_cast<value_kind>(random() % 5));
        c.unit = random() % 2 == 0 ? "W" : "";
        c.scale = random() % 2 == 0 ? 0.1 : 1.0 / 3.0;
        c.offset = random() % 4 == 0 ? -273.15 : 0.0;
        c.counter = random() % 4 == 0;
        if (random() % 4 == 0)
            c.states = {{0, "off"}, {7, "fault \"7\""}, {-1, "\\\n"}};
        l.columns.push_back(std::move(c));
    }
    return std::make_shared<layout const>(std::move(l));
}

row random_row(std::mt19937_64& random, layout_ptr const& l, row const* previous)
{
    constexpr quality qualities[] = {quality::good, quality::night, quality::held, quality::timeout, quality::asleep};
    row r;
    r.layout = l;
    auto const mono = previous == nullptr ? milliseconds{random() % 1'000'000}
                                          : previous->time.mono.time_since_epoch() + milliseconds{random() % 3'000};
    r.time = {mono_time{mono}, utc_time{milliseconds{day_one_ms} + mono}};
    for (std::size_t i = 0; i < l->columns.size(); ++i) {
        auto c = previous == nullptr ? cell{} : previous->cells[i];
        switch (random() % 8) {
        case 0:
            c.bits = random();
            break;
        case 1:
            c.bits = std::uint64_t{1} << (random() % 64);
            break;
        case 2:
            c.bits = ~std::uint64_t{0};
            break;
        case 3:
        case 4:
            c.bits += random() % 200 - 100;
            break;
        default:
            break;
        }
        if (random() % 6 == 0) {
            c.q = qualities[random() % std::size(qualities)];
            c.present = random() % 3 != 0;
        }
        if (l->columns[i].kind == value_kind::text) {
            c.bits = r.texts.size();
            r.texts.push_back(random() % 3 == 0 || previous == nullptr ? std::string(random() % 40, 'x') + '\0' : "same");
        }
        r.cells.push_back(c);
    }
    journal::canonical(r);
    return r;
}

bool same(row const& a, row const& b)
{
    return *a.layout == *b.layout && a.time == b.time && a.cells == b.cells && a.texts == b.texts;
}

void collector::add(std::shared_ptr<batch const> const& b)
{
    std::lock_guard const lock{mutex_};
    records_.insert(records_.end(), b->begin(), b->end());
    changed_.notify_all();
}

std::function<void(std::shared_ptr<batch const>)> collector::handler()
{
    return [this](std::shared_ptr<batch const> const& b) { add(b); };
}

batch collector::wait_for(std::function<bool(batch const&)> const& done)
{
    std::unique_lock lock{mutex_};
    if (!changed_.wait_for(lock, patience, [&] { return done(records_); }))
        throw std::runtime_error{"nothing came within a minute"};
    return records_;
}

batch collector::wait_for(std::size_t count)
{
    return wait_for([count](batch const& b) { return b.size() >= count; });
}

batch collector::all()
{
    std::lock_guard const lock{mutex_};
    return records_;
}

std::unique_ptr<journal::journal> open(journal::options const& o, plant_clock clock)
{
    std::string why;
    auto j = journal::journal::open(o, clock, why);
    INFO(why);
    REQUIRE(j.has_value());
    return std::move(*j);
}

journal::options options_in(temporary_folder const& folder)
{
    journal::options o;
    o.path = folder.path("journal.db");
    o.commit = std::chrono::milliseconds{0};
    return o;
}

read_answer read(journal::journal& j, journal::position_range range, std::size_t max)
{
    std::promise<read_answer> answered;
    auto answer = answered.get_future();
    j.read(range, max, [&answered](std::shared_ptr<batch const> records, position next) {
        answered.set_value({*records, next});
    });
    if (answer.wait_for(patience) != std::future_status::ready)
        throw std::runtime_error{"no answer within a minute"};
    return answer.get();
}

batch read_all(journal::journal& j)
{
    return read(j, {1, j.head()}, 1'000'000).records;
}

} // namespace journal_test
