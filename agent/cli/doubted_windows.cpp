#include "agent/cli/doubted_windows.hpp"

#include "agent/cli/time_argument.hpp"
#include "agent/journal/journal_reader.hpp"
#include "core/aggregate_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <ostream>
#include <utility>

namespace kilnwatt::cli {
namespace {

using namespace std::chrono_literals;

constexpr std::pair<stream, std::string_view> periods[]{{stream::window_15m, "quarter of an hour"},
                                                        {stream::window_1h, "hour"},
                                                        {stream::window_production_day, "production day"},
                                                        {stream::window_day, "day"},
                                                        {stream::window_month, "month"},
                                                        {stream::window_year, "year"}};

bool leaves_doubt(quality q)
{
    return severity_of(q) == severity::bad || q == quality::inputs_missing || q == quality::counter_reset;
}

} // namespace

std::optional<std::vector<std::string>> doubted_windows(std::string const& journal, meter_exchange const& x, streams io)
{
    std::error_code ec;
    if (!std::filesystem::exists(journal, ec))
        return std::vector<std::string>{};
    std::string why;
    auto reader = journal::journal_reader::open(journal, why);
    if (reader.has_error()) {
        io.err << why << '\n';
        return std::nullopt;
    }
    journal::record_filter wanted;
    wanted.devices = {x.device};
    for (auto const& p : periods)
        wanted.streams.insert(p.first);
    wanted.times = time_range{x.at - 1h, utc_time::max()}; // of their ends
    std::map<std::pair<stream, std::int64_t>, bool> doubt; ///< by the newest revision
    auto const read = reader->for_each_record(wanted, [&](record const& r) {
        auto const& columns = r.data.layout->columns;
        auto const start = static_cast<std::int64_t>(scaled_number(r.data, 0));
        if (utc_time{milliseconds{start}} > x.at + 1h)
            return true;
        for (std::size_t i = 0; i < columns.size(); ++i)
            if (columns[i].name == fmt::format("{}.delta", x.point))
                doubt[{r.kind(), start}] = leaves_doubt(r.data.cells[i].q);
        return true;
    });
    if (read.has_error()) {
        io.err << journal << ": " << read.error().message() << '\n';
        return std::nullopt;
    }
    std::vector<std::string> all;
    for (auto const& [kind, name] : periods)
        for (auto const& [window, doubted] : doubt)
            if (doubted && window.first == kind)
                all.push_back(fmt::format("{} from {}", name, to_text(utc_time{milliseconds{window.second}})));
    return all;
}

} // namespace kilnwatt::cli
