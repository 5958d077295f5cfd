#include "agent/pipeline/revision_book.hpp"

#include <algorithm>

namespace kilnwatt::pipeline {

std::int64_t revision_book::next(std::string const& device, stream kind, energy::time_span when)
{
    auto const same_stream = [&](span const& s) { return s.kind == kind && s.device == device; };
    auto const held = std::find_if(spans_.rbegin(), spans_.rend(), [&](span const& s) {
        return same_stream(s) && s.when.start <= when.start && when.end <= s.when.end;
    });
    auto const revision = held == spans_.rend() ? 1 : held->revision + 1;
    auto const last = std::find_if(spans_.rbegin(), spans_.rend(), same_stream);
    if (last != spans_.rend() && last->when.end == when.start && last->revision == revision)
        last->when.end = when.end;
    else
        spans_.push_back({device, kind, when, revision});
    return revision;
}

void revision_book::forget(energy::instant t)
{
    std::erase_if(spans_, [&](span const& s) { return s.when.end <= t; });
}

void revision_book::save(energy::byte_writer& w) const
{
    w.number(spans_.size());
    for (auto const& s : spans_) {
        w.text(s.device);
        w.number(static_cast<std::uint64_t>(s.kind));
        w.signed_number(s.when.start);
        w.signed_number(s.when.end);
        w.signed_number(s.revision);
    }
}

void revision_book::load(energy::byte_reader& r)
{
    spans_.clear();
    for (auto n = r.count(); n > 0 && r.ok(); --n) {
        auto& s = spans_.emplace_back();
        s.device = r.text();
        auto const kind = r.number();
        if (kind >= stream_count)
            return r.fail();
        s.kind = static_cast<stream>(kind);
        s.when.start = r.signed_number();
        s.when.end = r.signed_number();
        s.revision = r.signed_number();
    }
}

} // namespace kilnwatt::pipeline
