#include "agent/cli/meter_commands.hpp"

#include "drivers/device.hpp"
#include "drivers/error.hpp"
#include "drivers/sunspec_chain.hpp"
#include "drivers/sunspec_models.hpp"
#include "protocols/modbus/error.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <ostream>

namespace kilnwatt::cli {
namespace {

namespace sunspec = drivers::sunspec;

/// The points of the model that begins at `b`.
drivers::profile profile_of(sunspec::block const& b)
{
    drivers::profile p;
    p.id = "sunspec";
    p.points = sunspec::points_of(std::span{&b, 1});
    for (auto& q : p.points)
        q.poll = drivers::poll_class::normal;
    return p;
}

struct sunspec_walk {
    meter_session& session;
    meter_target const& to;
    modbus::link& link;

    asio::awaitable<exit_code> fail(boost::system::error_code error, drivers::read_range range)
    {
        modbus::read_request const q{to.unit, range.from, range.address, range.count};
        co_return co_await session.explain(error, to.address, to.timing, q);
    }

    asio::awaitable<exit_code> walk(sunspec::chain_walk& chain)
    {
        std::array<std::uint16_t, modbus::registers_max> words{};
        while (auto const range = chain.next()) {
            modbus::read_request const q{to.unit, range->from, range->address, range->count};
            auto const reply = co_await link.read(q, words);
            if (reply.has_value())
                chain.answer(std::span{words}.first(range->count));
            else if (modbus::is_refused_address(reply.error()) ||
                     (chain.looks_further() && reply.error() != modbus::errc::cancelled))
                chain.refuse();
            else
                co_return co_await fail(reply.error(), *range);
        }
        using outcome = sunspec::chain_walk::outcome;
        if (chain.result() == outcome::found)
            co_return exit_code::ok;
        auto const what = chain.result() == outcome::no_marker ? drivers::errc::no_sunspec_marker
                                                               : drivers::errc::broken_sunspec_chain;
        session.io().err << "meter: " << to.address.url() << ": unit " << int{to.unit} << ": "
                         << drivers::make_error_code(what).message() << '\n';
        co_return exit_code::refused;
    }

    asio::awaitable<exit_code> show(sunspec::block const& b, table& t)
    {
        std::vector<value> const place{std::int64_t{b.id}, std::int64_t{b.address}, std::int64_t{b.length}};
        drivers::device device{to.name, to.unit, profile_of(b)};
        if (!device.layout_of(drivers::poll_class::normal)) {
            auto line = place;
            line.insert(line.end(), {value{}, value{}, value{}, value{std::string{"model not known: skipped"}}});
            t.add(std::move(line));
            co_return exit_code::ok;
        }
        plant_clock const clock;
        auto const r = co_await device.read(link, drivers::poll_class::normal, clock);
        if (r.has_error()) {
            drivers::read_range const range{modbus::table::holding_registers, b.address, b.length};
            co_return co_await fail(r.error(), range);
        }
        add_points(*r, place, t);
        co_return exit_code::ok;
    }
};

asio::awaitable<exit_code> show_chain(meter_session& session, meter_target const& to, bool json)
{
    auto const link = session.open(to.address, to.timing);
    sunspec_walk w{session, to, *link};
    sunspec::chain_walk chain;
    auto code = co_await w.walk(chain);
    if (code != exit_code::ok)
        co_return code;
    table t{{{"model", true}, {"address", true}, {"length", true}, {"point"}, {"value", true}, {"unit"}, {"quality"}}};
    for (auto const& b : chain.chain()) {
        code = co_await w.show(b, t);
        if (code != exit_code::ok)
            break;
    }
    t.print(session.io(), json);
    co_return code;
}

} // namespace

void add_meter_sunspec(CLI::App& meter, streams io, exit_code& code)
{
    auto options = std::make_shared<meter_options>();
    auto* command = meter.add_subcommand("sunspec", "The whole SunSpec chain of a device with its values");
    command->footer("Example:\n  kilnwatt meter sunspec tcp://192.0.2.11");
    add_meter_options(*command, *options);
    command->callback([options, io, &code] {
        auto const to = find_target(*options, io, code);
        if (!to)
            return;
        meter_session session{io};
        if (!session.reach(*options, *to, link_use::shared, code))
            return;
        code = session.run([&] { return show_chain(session, *to, options->json); });
    });
}

} // namespace kilnwatt::cli
