#include "agent/journal/journal.hpp"

#include "agent/journal/journal_impl.hpp"
#include "agent/journal/row_encoder.hpp"

#include <utility>

namespace kilnwatt::journal {
namespace {

std::string const memory_prefix = "device:"; ///< no sink has such a name

} // namespace

journal::journal(std::unique_ptr<impl> i) : impl_{std::move(i)} {}

journal::~journal()
{
    stop();
}

result<std::unique_ptr<journal>> journal::open(options o, plant_clock clock, std::string& why)
{
    auto file = store::open(o, clock.now(), clock.run(), why);
    if (file.has_error())
        return file.error();
    return std::unique_ptr<journal>{new journal{std::make_unique<impl>(std::move(o), clock, std::move(*file))}};
}

void journal::set_stage(std::shared_ptr<stage> s)
{
    impl_->consumer = std::move(s);
}

void journal::on_commit(std::function<void(batch_ptr)> handler)
{
    impl_->on_commit.push_back(std::move(handler));
}

void journal::on_failure(std::function<void(std::string)> handler)
{
    impl_->on_failure.push_back(std::move(handler));
}

void journal::on_dropped(std::function<void(std::vector<dropped_range>)> handler)
{
    impl_->on_dropped.push_back(std::move(handler));
}

void journal::on_unstored(std::function<void(batch_ptr)> handler)
{
    impl_->on_unstored.push_back(std::move(handler));
}

void journal::start()
{
    if (impl_->started || impl_->stopped)
        return;
    impl_->started = true;
    if (impl_->consumer) {
        auto const saved = impl_->file->snapshot().value_or(saved_snapshot{});
        impl_->feeder.emplace(impl_->consumer, saved.body, saved.covers, impl_->file->oldest());
    }
    impl_->thread = std::thread{[i = impl_.get()] { i->run(); }};
}

void journal::stop()
{
    if (impl_->stopped)
        return;
    impl_->stopped = true;
    impl_->queue.close();
    if (impl_->started)
        impl_->thread.join();
    else
        impl_->run();
}

bool journal::append(row&& r)
{
    if (!r.layout)
        return false;
    auto const meaning = r.layout;
    impl_->ledger.read(*meaning);
    auto const accepted = fits(r) && impl_->queue.push(std::move(r));
    if (!accepted)
        impl_->ledger.refused(*meaning);
    return accepted;
}

void journal::save_cursor(std::string sink, std::string bytes, position unconfirmed)
{
    impl_->queue.put(std::move(sink), {std::move(bytes), unconfirmed});
}

std::string journal::load_cursor(std::string const& sink) const
{
    auto const saved = impl_->saved_cursors.find(sink);
    auto const c = saved == impl_->saved_cursors.end() ? saved_cursor{} : saved->second;
    impl_->unconfirmed[sink] = c.unconfirmed;
    return c.body;
}

void journal::save_memory(std::string const& device, std::string text)
{
    impl_->queue.put(memory_prefix + device, {std::move(text), no_position}); // it holds no record back
}

std::string journal::load_memory(std::string const& device) const
{
    auto const saved = impl_->saved_cursors.find(memory_prefix + device);
    return saved == impl_->saved_cursors.end() ? std::string{} : saved->second.body;
}

void journal::read(position_range range, std::size_t max, std::function<void(batch_ptr records, position next)> done)
{
    (void)impl_->queue.ask({range, max, std::move(done)});
}

bool journal::writes() const
{
    return !impl_->failing;
}

std::uint64_t journal::turns() const
{
    return impl_->turns;
}

std::string const& journal::epoch() const
{
    return impl_->epoch;
}

std::uint32_t journal::boot() const
{
    return impl_->file->boot();
}

position journal::head() const
{
    return impl_->head;
}

bool journal::trusts_clock() const
{
    return impl_->trusts_clock;
}

position journal::oldest() const
{
    return impl_->oldest;
}

std::map<std::string, ledger_entry> journal::ledger() const
{
    return impl_->ledger.entries();
}

} // namespace kilnwatt::journal
