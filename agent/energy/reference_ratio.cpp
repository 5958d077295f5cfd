#include "agent/energy/reference_ratio.hpp"

#include "agent/energy/byte_stream.hpp"
#include "agent/energy/plant_view.hpp"
#include "agent/energy/row_view.hpp"

#include <algorithm>
#include <vector>

namespace kilnwatt::energy {

void reference_ratio::saw_day(row const& figures)
{
    row_view const day{figures};
    auto const lost = day.number("pv.e_curtailed");
    if (!lost || *lost > 0)
        return;
    for (auto const* name : {"pv.pr_stc", "pv.pr"})
        if (auto const ratio = day.sure(name, ""); ratio && *ratio > 0) {
            days_.push_back(*ratio);
            if (days_.size() > days_max)
                days_.pop_front();
            return;
        }
}

double reference_ratio::value() const
{
    if (days_.empty())
        return usual_reference_ratio;
    std::vector<double> sorted{days_.begin(), days_.end()};
    std::sort(sorted.begin(), sorted.end());
    auto const n = sorted.size();
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
}

void reference_ratio::save(byte_writer& w) const
{
    w.number(days_.size());
    for (auto const d : days_)
        w.real(d);
}

void reference_ratio::load(byte_reader& r)
{
    days_.clear();
    for (auto n = r.count(); n > 0 && r.ok(); --n)
        days_.push_back(r.real());
    if (days_.size() > days_max)
        r.fail();
}

} // namespace kilnwatt::energy
