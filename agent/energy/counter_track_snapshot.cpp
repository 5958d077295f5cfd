#include "agent/energy/byte_stream.hpp"
#include "agent/energy/counter_track.hpp"

namespace kilnwatt::energy {
namespace {

void save_reading(byte_writer& w, counter_reading const& r)
{
    w.signed_number(r.at);
    w.real(r.value);
    w.cause(r.q);
    w.real(r.resolution);
    w.real(r.native_modulus);
}

counter_reading load_reading(byte_reader& r)
{
    counter_reading c;
    c.at = r.signed_number();
    c.value = r.real();
    c.q = r.cause();
    c.resolution = r.real();
    c.native_modulus = r.real();
    if (c.at < 0 || c.at > instant_max)
        r.fail();
    return c;
}

} // namespace

void counter_track::save(byte_writer& w, instant closed) const
{
    w.number((any_ ? 1u : 0u) | (went_back_ ? 2u : 0u) | (held_ ? 4u : 0u) | (told_ ? 8u : 0u) |
             (change_.to != 0 ? 16u : 0u) | (change_.slept ? 32u : 0u));
    save_reading(w, last_);
    w.signed_number(measured_at_);
    w.real(offset_);
    w.real(former_);
    if (held_)
        save_reading(w, *held_);
    if (told_) {
        w.signed_number(told_->at);
        w.real(told_->final_reading);
        w.real(told_->first_reading);
    }
    if (change_.to != 0) {
        w.signed_number(change_.from);
        w.signed_number(change_.to);
        for (auto const v : {change_.last, change_.first, change_.counted})
            w.real(v);
    }
    for (auto const* e : {&edge_, &quarter_edge_}) {
        w.signed_number(e->at);
        w.real(e->value);
        w.cause(e->q);
    }
    w.cause(quarter_marks_);
    w.signed_number(period_.period);
    w.signed_number(period_.candidate);
    w.number(open_.size());
    for (std::size_t i = 0; i < open_.size(); ++i) {
        auto const& o = open_.at(closed + static_cast<instant>(i) * minute);
        w.number(o.known ? 1 : 0);
        w.real(o.end);
        w.cause(o.end_q);
        w.cause(o.marks);
    }
}

void counter_track::load(byte_reader& r, instant closed)
{
    auto const flags = r.number();
    any_ = (flags & 1) != 0;
    went_back_ = (flags & 2) != 0;
    last_ = load_reading(r);
    measured_at_ = r.signed_number();
    offset_ = r.real();
    former_ = r.real();
    held_.reset();
    if ((flags & 4) != 0)
        held_ = load_reading(r);
    told_.reset();
    if ((flags & 8) != 0) {
        auto const at = r.signed_number();
        auto const final_reading = r.real();
        told_ = exchange_readings{at, final_reading, r.real()};
    }
    change_ = {};
    if ((flags & 16) != 0) {
        change_.from = r.signed_number();
        change_.to = r.signed_number();
        for (auto* v : {&change_.last, &change_.first, &change_.counted})
            *v = r.real();
        change_.slept = (flags & 32) != 0;
    }
    for (auto* e : {&edge_, &quarter_edge_}) {
        e->at = r.signed_number();
        e->value = r.real();
        e->q = r.cause();
    }
    quarter_marks_ = r.cause();
    period_.period = r.signed_number();
    period_.candidate = r.signed_number();
    auto const saved = r.count();
    for (std::size_t i = 0; i < saved; ++i) {
        open_window o;
        o.known = r.number() != 0;
        o.end = r.real();
        o.end_q = r.cause();
        o.marks = r.cause();
        if (i < open_.size())
            open_.at(closed + static_cast<instant>(i) * minute) = o;
    }
}

} // namespace kilnwatt::energy
