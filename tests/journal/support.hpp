#pragma once

#include "agent/journal/journal.hpp"
#include "core/record.hpp"

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace journal_test {

using namespace kilnwatt;

/// An empty folder that is gone afterwards.
class temporary_folder {
public:
    temporary_folder();
    ~temporary_folder();
    std::string path(std::string const& name) const { return (folder_ / name).string(); }
    std::vector<std::string> files() const; ///< names, sorted

private:
    std::filesystem::path folder_;
};

column col(std::string name, value_kind kind = value_kind::i64);

/// A layout of integer columns c0, c1, ...
layout_ptr simple_layout(std::string device, int columns = 3, stream kind = stream::readings);

/// A row whose cells are good integers; UTC is 2026-01-01 plus `ms`.
row simple_row(layout_ptr l, std::int64_t ms, std::vector<std::int64_t> const& values);

/// Anything a layout or a canonical row may be.
layout_ptr random_layout(std::mt19937_64& random, std::string device, stream kind = stream::readings);
row random_row(std::mt19937_64& random, layout_ptr const& l, row const* previous);

/// Equal content, with layouts compared by what they say.
bool same(row const& a, row const& b);

/// Collects what a journal hands out and lets a test wait for it, without sleeping.
class collector {
public:
    void add(std::shared_ptr<batch const> const& b);
    std::function<void(std::shared_ptr<batch const>)> handler();

    /// Waits (at most a minute, then throws) until `done` holds for all that was collected.
    batch wait_for(std::function<bool(batch const&)> const& done);
    batch wait_for(std::size_t count);
    batch all();

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    batch records_;
};

/// Opens with commit = 0 in a folder; fails the test when it cannot.
std::unique_ptr<journal::journal> open(journal::options const& o, plant_clock clock = {});
journal::options options_in(temporary_folder const& folder);

/// journal::read as a call that waits.
struct read_answer {
    batch records;
    position next = 0;
};
read_answer read(journal::journal& j, journal::position_range range, std::size_t max);
batch read_all(journal::journal& j);

} // namespace journal_test
