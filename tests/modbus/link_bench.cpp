#include "link_bench.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <optional>

namespace kilnwatt::modbus {
namespace {

asio::awaitable<void> read_into(link& l, read_request request, std::optional<link_bench::outcome>& out)
{
    std::vector<std::uint16_t> words(request.count);
    auto const r = co_await l.read(request, words);
    if (r.has_error())
        out = link_bench::outcome{r.error()};
    else
        out = link_bench::outcome{words};
}

asio::awaitable<void> write_to(link& l, write_request request, std::optional<link_bench::outcome>& out)
{
    auto const r = co_await l.write(request);
    if (r.has_error())
        out = link_bench::outcome{r.error()};
    else
        out = link_bench::outcome{std::vector<std::uint16_t>{}};
}

} // namespace

link_bench::link_bench(link_address address, link_timing timing, std::optional<link_address> fallback)
    : link_{make_link(context_.get_executor(), deadlines_, std::move(address), timing, std::move(fallback))}
{}

link_bench::~link_bench() = default;

link_bench::outcome link_bench::read(read_request const& request)
{
    return read_while(request, nullptr);
}

link_bench::outcome link_bench::read_while(read_request const& request, interference meanwhile)
{
    return perform([&](std::optional<outcome>& out) { return read_into(*link_, request, out); },
                   posted(std::move(meanwhile)));
}

link_bench::outcome link_bench::write(write_request const& request)
{
    return write_while(request, nullptr);
}

link_bench::outcome link_bench::write_while(write_request const& request, interference meanwhile)
{
    return perform([&](std::optional<outcome>& out) { return write_to(*link_, request, out); },
                   posted(std::move(meanwhile)));
}

link_bench::outcome link_bench::read_struck(read_request const& request, std::function<bool()> const& reached,
                                            interference const& then)
{
    return perform([&](std::optional<outcome>& out) { return read_into(*link_, request, out); },
                   [&](auto const& cancel) {
                       run_until(reached);
                       then(cancel);
                   });
}

link_bench::interference link_bench::posted(interference meanwhile)
{
    return [this, meanwhile = std::move(meanwhile)](auto const& cancel) {
        if (meanwhile)
            asio::post(context_, [meanwhile, cancel] { meanwhile(cancel); });
    };
}

link_bench::outcome link_bench::perform(exchange_task const& exchange, interference const& after_begin)
{
    std::optional<outcome> out;
    std::exception_ptr thrown;
    asio::cancellation_signal signal;
    auto over = false;
    auto finished = [&](std::exception_ptr e) {
        thrown = e;
        over = true;
    };
    asio::co_spawn(context_, exchange(out), asio::bind_cancellation_slot(signal.slot(), finished));
    std::function<void()> const cancel = [&] { signal.emit(asio::cancellation_type::terminal); };
    after_begin(cancel);
    run_until([&] { return over; });
    if (thrown)
        std::rethrow_exception(thrown);
    return *out;
}

void link_bench::read_together(std::span<read_job> jobs)
{
    auto over = false;
    asio::co_spawn(context_, link_->read_together(jobs), [&](std::exception_ptr) { over = true; });
    run_until([&] { return over; });
}

void link_bench::run_until(std::function<bool()> const& done)
{
    context_.restart();
    while (!done() && context_.run_one() > 0) {
    }
}

} // namespace kilnwatt::modbus
