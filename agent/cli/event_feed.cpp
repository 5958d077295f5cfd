#include "agent/cli/event_feed.hpp"

#include <sys/stat.h>

#include <deque>
#include <iterator>

namespace kilnwatt::cli {

event_feed::file_id event_feed::id_of(std::string const& path)
{
    struct stat s {};
    return ::stat(path.c_str(), &s) == 0 ? file_id{s.st_dev, s.st_ino} : file_id{};
}

bool event_feed::wants(event const& e) const
{
    return (wanted_.devices.empty() || wanted_.devices.contains(e.subject)) &&
           (wanted_.kinds.empty() || wanted_.kinds.contains(e.kind));
}

result<std::vector<listed_event>> event_feed::next(std::string& why)
{
    left_out_ = 0;
    if (auto const now_there = id_of(path_); !reader_ || now_there != file_) {
        reader_.reset();
        auto opened = journal::journal_reader::open(path_, why);
        if (opened.has_error())
            return opened.error();
        if (now_there != file_)
            from_ = 1;
        file_ = now_there;
        reader_.emplace(std::move(*opened));
    }
    std::deque<listed_event> newest;
    journal::record_filter filter{.times = wanted_.times, .streams = {stream::event}};
    filter.positions.first = from_;
    auto const damaged = reader_->for_each_record(filter, [&](record const& r) {
        from_ = r.pos + 1;
        auto e = event_of(r.data);
        if (!e || !wants(*e))
            return true;
        newest.push_back({r.data.time.utc, std::move(*e)});
        if (newest.size() > wanted_.last) {
            newest.pop_front();
            ++left_out_;
        }
        return true;
    });
    if (damaged.has_error()) {
        reader_.reset();
        why = path_ + ": " + damaged.error().message();
        return damaged.error();
    }
    return std::vector<listed_event>{std::make_move_iterator(newest.begin()), std::make_move_iterator(newest.end())};
}

} // namespace kilnwatt::cli
