#include "agent/journal/record_reader.hpp"

namespace kilnwatt::journal {

record_reader::record_reader(file_view view, stream_set streams)
{
    for (int s = 0; s < stream_count; ++s)
        if (streams.test(static_cast<std::size_t>(s)))
            scanners_.emplace_back(view, static_cast<stream>(s));
    seek(1);
}

void record_reader::seek(position p)
{
    for (auto& s : scanners_)
        s.seek(p);
    batch_.clear();
    given_ = 0;
    at_ = p;
}

bool record_reader::next(record& out)
{
    while (given_ == batch_.size()) {
        batch_.clear();
        given_ = 0;
        segment_scanner* lowest = nullptr;
        auto first = no_position;
        for (auto& s : scanners_) {
            if (auto const p = s.peek(); p < first) {
                first = p;
                lowest = &s;
            }
        }
        if (lowest == nullptr)
            return false;
        lowest->take(batch_);
    }
    out = std::move(batch_[given_++]);
    at_ = out.pos + 1;
    return true;
}

std::vector<position_range> record_reader::damaged()
{
    std::vector<position_range> all_ranges;
    for (auto& s : scanners_)
        for (auto const& r : s.damaged())
            all_ranges.push_back(r);
    return all_ranges;
}

} // namespace kilnwatt::journal
