#include "agent/energy/demand.hpp"

#include "agent/energy/aggregate_quality.hpp"
#include "agent/energy/byte_stream.hpp"

namespace kilnwatt::energy {

void demand_meter::next(double kwh, instant known, instant end)
{
    last_.push_back({known > 0 ? kwh : 0, known});
    if (last_.size() > minutes)
        last_.pop_front();
    new_ = window_ == demand_window::sliding || end % quarter == 0;
    if (new_)
        value_ = mean();
}

void demand_meter::clear()
{
    *this = demand_meter{window_};
}

std::optional<double> demand_meter::mean() const
{
    auto kwh = 0.0;
    instant known = 0;
    for (auto const& p : last_) {
        kwh += p.kwh;
        known += p.known;
    }
    auto const share = static_cast<double>(known) / static_cast<double>(quarter);
    if (last_.size() < minutes || share < coverage_good)
        return std::nullopt;
    return kwh * static_cast<double>(hour) / static_cast<double>(known);
}

void demand_meter::save(byte_writer& w) const
{
    w.number(last_.size());
    for (auto const& p : last_) {
        w.real(p.kwh);
        w.signed_number(p.known);
    }
    w.number(value_ ? 1 : 0);
    w.real(value_.value_or(0));
}

void demand_meter::load(byte_reader& r)
{
    clear();
    auto const n = r.count();
    if (n > minutes)
        return r.fail();
    for (std::size_t i = 0; i < n; ++i) {
        auto const kwh = r.real();
        last_.push_back({kwh, r.signed_number()});
    }
    auto const has_value = r.number() != 0;
    auto const kw = r.real();
    if (has_value)
        value_ = kw;
}

} // namespace kilnwatt::energy
