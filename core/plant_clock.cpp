#include "core/plant_clock.hpp"

#include <cerrno>
#include <charconv>
#include <cmath>
#include <fstream>

namespace kilnwatt {
namespace chr = std::chrono;

namespace {

constexpr double rate_max = 10'000;

template <class N>
bool take_number(std::string_view& text, N& out, char stop)
{
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (ec != std::errc{})
        return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (stop == '\0')
        return text.empty();
    if (text.empty() || text.front() != stop)
        return false;
    text.remove_prefix(1);
    return true;
}

} // namespace

plant_clock::plant_clock()
    : steady_origin_{chr::steady_clock::now()}, machine_origin_{chr::system_clock::now()}
{}

plant_clock::plant_clock(utc_time start, utc_time at, double rate)
    : steady_origin_{chr::steady_clock::now()}, machine_origin_{chr::system_clock::now()}, rate_{rate}
{
    auto const since = chr::duration<double, std::milli>(machine_origin_ - at) * rate;
    plant_origin_ = start + chr::duration_cast<milliseconds>(since);
}

result<plant_clock> plant_clock::parse(std::string_view text)
{
    std::int64_t start = 0;
    std::int64_t at = 0;
    double rate = 1;
    if (!take_number(text, start, '@') || !take_number(text, at, '*') || !take_number(text, rate, '\0') ||
        !(rate > 0 && rate <= rate_max))
        return boost::system::errc::make_error_code(boost::system::errc::invalid_argument);
    return plant_clock{utc_time{milliseconds{start}}, utc_time{milliseconds{at}}, rate};
}

stamp plant_clock::now() const
{
    auto const steady = chr::steady_clock::now() - steady_origin_;
    if (plant_origin_ == utc_time{}) // real time: the wall clock may be stepped, so it is read, not derived
        return {mono_time{chr::duration_cast<milliseconds>(steady)},
                chr::time_point_cast<milliseconds>(chr::system_clock::now())};
    auto const scaled = chr::duration_cast<milliseconds>(chr::duration<double, std::milli>(steady) * rate_);
    return {mono_time{scaled}, plant_origin_ + scaled};
}

machine_run plant_clock::run() const
{
    if (plant_origin_ != utc_time{})
        return {};
    machine_run r;
    std::ifstream{"/proc/sys/kernel/random/boot_id"} >> r.id;
    r.started = chr::duration_cast<milliseconds>(steady_origin_.time_since_epoch());
    return r;
}

chr::steady_clock::time_point plant_clock::machine_time(mono_time t) const
{
    if (rate_ == 1.0)
        return steady_origin_ + t.time_since_epoch();
    auto const machine = chr::duration<double, std::milli>(t.time_since_epoch()) / rate_;
    return steady_origin_ + chr::duration_cast<chr::steady_clock::duration>(machine);
}

} // namespace kilnwatt
