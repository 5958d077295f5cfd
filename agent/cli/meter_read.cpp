#include "agent/cli/meter_commands.hpp"

#include "agent/meter/range_text.hpp"
#include "drivers/device.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace kilnwatt::cli {
namespace {

struct read_options : meter_options {
    std::vector<std::string> ranges;
};

bool is_bits(modbus::table t)
{
    return t == modbus::table::coils || t == modbus::table::discrete_inputs;
}

void add_words(drivers::read_range const& r, std::span<std::uint16_t const> words, table& t)
{
    for (std::size_t i = 0; i < words.size(); ++i) {
        auto const w = words[i];
        value const hex = is_bits(r.from) ? value{} : value{fmt::format("{:04X}", w)};
        value const with_sign = is_bits(r.from) ? value{} : value{std::int64_t{static_cast<std::int16_t>(w)}};
        t.add({std::string{meter::name_of(r.from)}, static_cast<std::int64_t>(r.address + i), hex, std::int64_t{w},
               with_sign});
    }
}

asio::awaitable<exit_code> read_ranges(meter_session& session, meter_target const& to,
                                       std::vector<drivers::read_range> const& ranges, bool json)
{
    auto const link = session.open(to.address, to.timing);
    table t{{{"table"}, {"address", true}, {"hex"}, {"unsigned", true}, {"signed", true}}};
    auto code = exit_code::ok;
    for (auto const& r : ranges) {
        auto const most = is_bits(r.from) ? modbus::bits_max : modbus::registers_max;
        for (unsigned done = 0; done < r.count && code == exit_code::ok;) {
            auto const n = static_cast<std::uint16_t>(std::min<unsigned>(most, r.count - done));
            modbus::read_request const q{to.unit, r.from, static_cast<std::uint16_t>(r.address + done), n};
            std::vector<std::uint16_t> words(n);
            auto const reply = co_await link->read(q, words);
            if (reply.has_error()) {
                code = co_await session.explain(reply.error(), to.address, to.timing, q);
                break;
            }
            add_words({r.from, q.address, n}, words, t);
            done += n;
        }
        if (code != exit_code::ok)
            break;
    }
    if (!t.empty())
        t.print(session.io(), json);
    co_return code;
}

asio::awaitable<exit_code> read_points(meter_session& session, meter_target const& to, bool json)
{
    auto const link = session.open(to.address, to.timing);
    plant_clock const clock;
    drivers::device device{to.name, to.unit, *to.profile};
    modbus::read_request const asked{.unit = to.unit};
    auto const found = co_await device.discover(*link);
    if (found.has_error())
        co_return co_await session.explain(found.error(), to.address, to.timing, asked);
    table t{{{"point"}, {"value", true}, {"unit"}, {"quality"}}};
    for (auto const c : device.classes()) {
        auto const r = co_await device.read(*link, c, clock);
        if (r.has_error())
            co_return co_await session.explain(r.error(), to.address, to.timing, asked);
        add_points(*r, {}, t);
    }
    t.print(session.io(), json);
    co_return exit_code::ok;
}

exit_code run_read(read_options const& o, streams io)
{
    auto code = exit_code::ok;
    std::vector<drivers::read_range> ranges;
    for (auto const& text : o.ranges) {
        std::string why;
        auto const r = meter::range_of_text(text, why);
        if (!r) {
            io.err << "meter: " << why << '\n';
            return exit_code::usage;
        }
        ranges.push_back(*r);
    }
    auto const to = find_target(o, io, code);
    if (!to)
        return code;
    if (ranges.empty() && !to->profile) {
        io.err << "meter: say what to read: registers (holding:19026+2), or a profile (-p)\n";
        return exit_code::usage;
    }
    meter_session session{io};
    if (!session.reach(o, *to, link_use::shared, code))
        return code;
    return session.run([&]() -> asio::awaitable<exit_code> {
        if (ranges.empty())
            return read_points(session, *to, o.json);
        return read_ranges(session, *to, ranges, o.json);
    });
}

} // namespace

void add_points(row const& r, std::vector<value> const& before, table& t)
{
    for (std::size_t i = 0; i < r.cells.size(); ++i) {
        auto const& c = r.layout->columns[i];
        auto line = before;
        auto v = scaled(r, i);
        for (auto const& [number, name] : c.states)
            if (!std::holds_alternative<std::monostate>(v) && r.cells[i].bits == static_cast<std::uint64_t>(number))
                v = name;
        line.insert(line.end(),
                    {value{c.name}, std::move(v), value{c.unit}, value{std::string{to_string(r.cells[i].q)}}});
        t.add(std::move(line));
    }
}

void add_meter_read(CLI::App& meter, streams io, exit_code& code)
{
    auto options = std::make_shared<read_options>();
    auto* command = meter.add_subcommand("read", "Read registers, or the points of a profile");
    command->footer("Examples:\n"
                    "  kilnwatt meter read tcp://192.0.2.7 -u 1 holding:19026+2 input:0x34\n"
                    "  kilnwatt meter read tcp://192.0.2.7 -p janitza_umg96rm\n"
                    "  kilnwatt meter read -c /etc/kilnwatt/site.toml grid-meter\n"
                    "  kilnwatt meter read 'serial:///dev/ttyUSB0?baud=9600&parity=even' -u 3 input:0+20 --json");
    add_meter_options(*command, *options);
    command->add_option("RANGES", options->ranges,
                        "Registers: [holding|input|coils|discrete:]ADDRESS[+COUNT]; none: every point of the profile");
    command->callback([options, io, &code] { code = run_read(*options, io); });
}

} // namespace kilnwatt::cli
