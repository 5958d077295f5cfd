#include "agent/journal/stage_feeder.hpp"

#include "agent/journal/row_encoder.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace kilnwatt::journal {

stage_feeder::stage_feeder(std::shared_ptr<stage> s, std::string const& snapshot, position covers, position oldest)
    : stage_{std::move(s)}
{
    fed_ = stage_->restore(snapshot) && !snapshot.empty() ? std::max(covers, oldest) : oldest;
}

void stage_feeder::feed(batch const& records, position next, stamp now, bool replaying)
{
    auto output = stage_->on_commit(records, now, replaying);
    fed_ = output.again != 0 ? output.again : std::max(fed_, next);
    std::erase_if(output.rows, [](row const& r) { return !fits(r) || r.layout->kind == stream::readings; });
    std::move(output.rows.begin(), output.rows.end(), std::back_inserter(waiting_));
    if (output.snapshot.empty())
        return;
    std::move(waiting_.begin(), waiting_.end(), std::back_inserter(rows_));
    waiting_.clear();
    snapshot_ = std::move(output.snapshot);
    covers_ = fed_;
}

void stage_feeder::written()
{
    rows_.clear();
    snapshot_.clear();
    covers_ = 0;
}

} // namespace kilnwatt::journal
