#include "agent/energy/value_spread.hpp"

#include "agent/energy/byte_stream.hpp"

#include <algorithm>
#include <cmath>

namespace kilnwatt::energy {
namespace {

constexpr double steps = 100 / value_spread::step;

} // namespace

void value_spread::add(double value, instant time)
{
    if (std::isnan(value) || time <= 0)
        return;
    held_[static_cast<std::uint16_t>(std::clamp(std::ceil(value / step - 1e-9), 0.0, steps))] += time;
}

void value_spread::add(value_spread const& other)
{
    for (auto const& [at, time] : other.held_)
        held_[at] += time;
}

std::optional<double> value_spread::quantile(double share) const
{
    auto whole = 0.0;
    for (auto const& [at, time] : held_)
        whole += static_cast<double>(time);
    auto below = 0.0;
    for (auto const& [at, time] : held_) {
        below += static_cast<double>(time);
        if (below >= share * whole)
            return step * at;
    }
    return std::nullopt;
}

void save(byte_writer& w, value_spread const& s)
{
    w.number(s.held_.size());
    for (auto const& [at, time] : s.held_) {
        w.number(at);
        w.signed_number(time);
    }
}

void load(byte_reader& r, value_spread& s)
{
    s.held_.clear();
    for (auto n = r.count(); n > 0 && r.ok(); --n) {
        auto const at = r.number();
        auto const time = r.signed_number();
        if (at > static_cast<std::uint64_t>(steps) || time <= 0)
            return r.fail();
        s.held_[static_cast<std::uint16_t>(at)] = time;
    }
}

} // namespace kilnwatt::energy
