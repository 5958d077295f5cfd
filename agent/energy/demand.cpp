#include "agent/energy/demand.hpp"

#include "agent/energy/byte_stream.hpp"

#include <numeric>

namespace kilnwatt::energy {

void sliding_demand::next(std::optional<double> kw)
{
    if (!kw) {
        last_.clear();
        return;
    }
    last_.push_back(*kw);
    if (last_.size() > minutes)
        last_.pop_front();
}

void sliding_demand::save(byte_writer& w) const
{
    w.number(last_.size());
    for (auto const kw : last_)
        w.real(kw);
}

void sliding_demand::load(byte_reader& r)
{
    last_.clear();
    auto const n = r.count();
    if (n > minutes)
        return r.fail();
    for (std::size_t i = 0; i < n; ++i)
        last_.push_back(r.real());
}

std::optional<double> sliding_demand::value() const
{
    if (last_.size() < minutes)
        return std::nullopt;
    return std::accumulate(last_.begin(), last_.end(), 0.0) / static_cast<double>(minutes);
}

} // namespace kilnwatt::energy
