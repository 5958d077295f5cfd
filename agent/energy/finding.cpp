#include "agent/energy/finding.hpp"

#include "agent/energy/byte_stream.hpp"

namespace kilnwatt::energy {
namespace {

constexpr std::size_t raised_max = 10'000;

} // namespace

std::vector<finding> finding_book::fresh(std::vector<finding> found)
{
    std::vector<finding> news;
    std::set<std::string> now;
    for (auto& f : found) {
        auto const key = f.kind + " " + f.subject;
        auto const known = raised_.count(key) == 1 || now.count(key) == 1;
        if (now.size() < raised_max)
            now.insert(key);
        if (!known)
            news.push_back(std::move(f));
    }
    raised_ = std::move(now);
    return news;
}

void finding_book::save(byte_writer& w) const
{
    w.number(raised_.size());
    for (auto const& key : raised_)
        w.text(key);
}

void finding_book::load(byte_reader& r)
{
    raised_.clear();
    for (auto n = r.count(); n > 0 && r.ok(); --n)
        raised_.insert(r.text());
    if (raised_.size() > raised_max)
        r.fail();
}

} // namespace kilnwatt::energy
