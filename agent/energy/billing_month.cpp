#include "agent/energy/billing_month.hpp"

#include "agent/energy/byte_stream.hpp"
#include "agent/energy/roll_up.hpp"

#include <algorithm>

namespace kilnwatt::energy {
namespace {

/// A figure of the billing month as one of a calendar month of another length: as complete as it is.
figure over(figure f, instant from, instant to)
{
    auto const longer = static_cast<double>(to) / static_cast<double>(from);
    f.dubious = static_cast<instant>(static_cast<double>(f.dubious) * longer);
    for (auto& c : f.covered)
        c = static_cast<instant>(static_cast<double>(c) * longer);
    return f;
}

} // namespace

void billing_month::add(std::vector<figure> const& q, time_span when, calendar const& c)
{
    if (reading_day_ == 1)
        return;
    if (open_ && !open_->when.holds(when.start)) {
        ended_ = std::move(open_);
        open_.reset();
    }
    if (!open_)
        open_ = bill{c.month_from(reading_day_, when.start), {}};
    std::vector<figure> own;
    std::copy_if(q.begin(), q.end(), std::back_inserter(own), [](figure const& f) { return f.by_reading_day; });
    append_quarter(open_->sums, own, when.start, open_->when.start);
}

void billing_month::settle(std::vector<figure>& month, time_span when) const
{
    if (reading_day_ == 1)
        return;
    bill const* read = nullptr;
    for (auto const* b : {&ended_, &open_})
        if (*b && (*b)->when.end > when.start && (*b)->when.end <= when.end)
            read = &**b;
    for (auto& f : month) {
        if (!f.by_reading_day)
            continue;
        f.covered = {0}; // unless the month that was read is known
        if (read == nullptr)
            continue;
        for (auto const& x : read->sums)
            if (x.name == f.name)
                f = over(x, read->when.length(), when.length());
    }
}

void billing_month::save(byte_writer& w) const
{
    for (auto const* b : {&open_, &ended_}) {
        w.number(*b ? 1 : 0);
        if (!*b)
            continue;
        w.signed_number((*b)->when.start);
        w.signed_number((*b)->when.end);
        energy::save(w, (*b)->sums);
    }
}

void billing_month::load(byte_reader& r)
{
    for (auto* b : {&open_, &ended_}) {
        b->reset();
        if (r.number() == 0)
            continue;
        auto const start = r.signed_number();
        auto const end = r.signed_number();
        if (start < -instant_max || end > instant_max + 400 * 24 * hour || start >= end)
            return r.fail();
        b->emplace(bill{{start, end}, {}});
        energy::load(r, (*b)->sums);
    }
}

} // namespace kilnwatt::energy
