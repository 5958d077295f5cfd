#include "agent/energy/load_steps.hpp"

#include "agent/energy/byte_stream.hpp"
#include "agent/energy/pv_metrics.hpp"

#include <algorithm>
#include <cmath>

namespace kilnwatt::energy {

bool load_steps::empty() const
{
    return std::all_of(steps.begin(), steps.end(), [](step const& s) { return s.hours == 0; });
}

void load_steps::add(double load, double output, double input, double hours)
{
    for (std::size_t i = 0; i < loads.size(); ++i)
        if (std::abs(load - loads[i]) <= around) {
            auto& s = steps[i];
            s = {s.output + output, s.input + input, s.hours + hours};
            return;
        }
}

void load_steps::add(load_steps const& other)
{
    for (std::size_t i = 0; i < steps.size(); ++i) {
        auto const& o = other.steps[i];
        steps[i] = {steps[i].output + o.output, steps[i].input + o.input, steps[i].hours + o.hours};
    }
}

std::optional<double> load_steps::efficiency(efficiency_weights w) const
{
    std::array<double, loads.size()> eta{};
    auto const unused = w == efficiency_weights::european ? std::size_t{5} : std::size_t{0}; // 75 %, 5 %
    for (std::size_t i = 0; i < steps.size(); ++i) {
        auto const& s = steps[i];
        if (i != unused && (s.hours < hours_least - 1e-9 || s.input <= 0))
            return std::nullopt;
        eta[i] = s.input > 0 ? 100 * s.output / s.input : 0;
    }
    return w == efficiency_weights::european ? european_efficiency(eta[0], eta[1], eta[2], eta[3], eta[4], eta[6])
                                             : cec_efficiency(eta[1], eta[2], eta[3], eta[4], eta[5], eta[6]);
}

void save(byte_writer& w, load_steps const& s)
{
    w.number(s.empty() ? 0 : 1);
    if (s.empty())
        return;
    for (auto const& x : s.steps)
        for (auto const v : {x.output, x.input, x.hours})
            w.real(v);
}

void load(byte_reader& r, load_steps& s)
{
    s = {};
    if (r.number() == 0)
        return;
    for (auto& x : s.steps)
        for (auto* v : {&x.output, &x.input, &x.hours})
            *v = r.real();
}

} // namespace kilnwatt::energy
