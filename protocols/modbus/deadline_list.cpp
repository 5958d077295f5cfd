#include "protocols/modbus/deadline_list.hpp"

#include <utility>

namespace kilnwatt::modbus {
namespace {

constexpr std::size_t spare_max = 1024;

deadline_list::clock::time_point slot_not_before(deadline_list::clock::time_point at)
{
    return deadline_list::clock::time_point{std::chrono::ceil<std::chrono::duration<std::int64_t, std::centi>>(
        at.time_since_epoch())};
}

static_assert(deadline_list::slot == std::chrono::duration<std::int64_t, std::centi>{1});

} // namespace

deadline_list::deadline_list(asio::any_io_executor executor)
    : timer_{std::move(executor)}, self_{std::make_shared<deadline_list*>(this)}
{}

deadline_list::~deadline_list()
{
    *self_ = nullptr;
    for (auto& [at, e] : entries_)
        e.owner->list_ = nullptr;
}

deadline_list::guard deadline_list::arm(clock::time_point at, handler expired)
{
    auto const due = slot_not_before(at);
    auto where = entries_.end();
    if (spare_.empty()) {
        where = entries_.emplace_hint(entries_.end(), due, entry{std::move(expired), nullptr});
    } else {
        auto node = std::move(spare_.back());
        spare_.pop_back();
        node.key() = due;
        node.mapped().expired = std::move(expired);
        where = entries_.insert(entries_.end(), std::move(node));
    }
    if (due < waiting_for_)
        wait();
    return {this, where};
}

void deadline_list::wait()
{
    waiting_for_ = entries_.begin()->first;
    timer_.expires_at(waiting_for_);
    timer_.async_wait([self = self_](boost::system::error_code ec) {
        if (*self == nullptr || ec)
            return;
        (*self)->expire(clock::now());
    });
}

void deadline_list::expire(clock::time_point now)
{
    waiting_for_ = clock::time_point::min(); // arm() inside a handler leaves the timer alone
    while (!entries_.empty() && entries_.begin()->first <= now) {
        auto const first = entries_.begin();
        first->second.owner->list_ = nullptr;
        auto const expired = std::exchange(first->second.expired, nullptr);
        put_away(first);
        expired();
    }
    waiting_for_ = clock::time_point::max();
    if (!entries_.empty())
        wait();
}

void deadline_list::put_away(entries::iterator at)
{
    auto node = entries_.extract(at);
    node.mapped() = {};
    if (spare_.size() < spare_max)
        spare_.push_back(std::move(node));
}

deadline_list::guard::guard(deadline_list* list, entries::iterator at) : list_{list}, at_{at}
{
    at_->second.owner = this;
}

deadline_list::guard::guard(guard&& other) noexcept : list_{std::exchange(other.list_, nullptr)}, at_{other.at_}
{
    if (list_ != nullptr)
        at_->second.owner = this;
}

deadline_list::guard& deadline_list::guard::operator=(guard&& other) noexcept
{
    if (this == &other)
        return *this;
    disarm();
    list_ = std::exchange(other.list_, nullptr);
    at_ = other.at_;
    if (list_ != nullptr)
        at_->second.owner = this;
    return *this;
}

void deadline_list::guard::disarm()
{
    if (list_ != nullptr)
        std::exchange(list_, nullptr)->put_away(at_);
}

} // namespace kilnwatt::modbus
