#include "simulator/live_plant.hpp"

#include <cerrno>

namespace kilnwatt::simulator {
namespace {

boost::system::error_code last_error()
{
    return {errno != 0 ? errno : EIO, boost::system::system_category()};
}

} // namespace

live_plant::live_plant(plant_clock clock, std::uint64_t seed) : clock_{clock}, plant_{seed, clock_.now().utc} {}

result<void> live_plant::record_series(std::string const& path)
{
    std::lock_guard const hold{mutex_};
    errno = 0;
    series_.open(path, std::ios::trunc);
    if (!series_)
        return last_error();
    series_ << truth_csv_header() << truth_csv_line(plant_.now(), plant_.since_start()) << std::flush;
    plant_.on_minute = [this](utc_time t, ledger const& l) { series_ << truth_csv_line(t, l) << std::flush; };
    return {};
}

result<void> live_plant::write_truth(std::string const& path)
{
    return look([&](plant const& p) -> result<void> {
        errno = 0;
        std::ofstream file{path, std::ios::trunc};
        file << truth_json({p.start(), p.now()}, p.seed(), p.since_start());
        file.close();
        if (!file)
            return last_error();
        return {};
    });
}

} // namespace kilnwatt::simulator
