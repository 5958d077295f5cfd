#include "protocols/mqtt/mailbox.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace kilnwatt::mqtt {

mailbox::mailbox(asio::any_io_executor executor, handler handle, int messages_max)
    : executor_{std::move(executor)}, handle_{std::move(handle)}, messages_max_{messages_max}
{
}

void mailbox::put(std::uint64_t epoch, event e)
{
    std::lock_guard const lock{mutex_};
    if (!open_)
        return;
    if (auto const* m = std::get_if<message>(&e)) {
        if (messages_ >= messages_max_ || m->payload.size() > inbound_bytes_max) {
            ++dropped_;
            return;
        }
        ++messages_;
    }
    waiting_.push_back({epoch, std::move(e)});
    if (posted_)
        return;
    posted_ = true;
    asio::post(executor_, [self = shared_from_this()] { self->hand_over(); });
}

void mailbox::close()
{
    std::lock_guard const lock{mutex_};
    open_ = false;
    waiting_.clear();
}

std::uint64_t mailbox::dropped() const
{
    std::lock_guard const lock{mutex_};
    return dropped_;
}

void mailbox::hand_over()
{
    std::vector<item> items;
    {
        std::lock_guard const lock{mutex_};
        items.swap(waiting_);
        messages_ = 0;
        posted_ = false;
    }
    for (auto& i : items) {
        if (!open_) // written on this executor only, so read without the lock
            return;
        handle_(i.epoch, i.what);
    }
}

} // namespace kilnwatt::mqtt
