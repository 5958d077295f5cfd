#include "agent/cli/meter_commands.hpp"

#include "agent/meter/range_text.hpp"
#include "core/spelling.hpp"
#include "drivers/decode.hpp"
#include "drivers/point_write.hpp"
#include "drivers/read_plan.hpp"
#include "protocols/modbus/error.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <iostream>
#include <ostream>

namespace kilnwatt::cli {
namespace {

struct write_options : meter_options {
    std::string what;
    std::vector<std::string> values;
    bool raw = false;
    bool multiple = false;
    bool yes = false;
    bool dry_run = false;
};

using words = std::vector<std::uint16_t>;

/// What is to be written, and how its registers are shown.
struct writing {
    drivers::read_range at;
    words values;
    drivers::point_write how;
    std::optional<drivers::point> point; ///< none: raw registers

    /// Of a point its value; of registers their hexadecimal words, of coils their bits; nothing for none.
    value shown(words const& now) const
    {
        if (now.empty())
            return {};
        if (!point)
            return at.from == modbus::table::coils ? fmt::format("{}", fmt::join(now, " "))
                                                   : fmt::format("{:04X}", fmt::join(now, " "));
        layout one;
        one.columns = {drivers::column_of(*point)};
        row r{std::make_shared<layout const>(std::move(one)), {}, {}, {}};
        r.cells.push_back(drivers::decode(*point, now, r.texts));
        return scaled(r, 0);
    }

    std::string name() const { return point ? point->name : fmt::format("{}:{}", meter::name_of(at.from), at.address); }
};

/// "50", "-3", "0x1F": a register's word, or 0 and 1 of a coil.
std::optional<std::uint16_t> word_of(std::string const& text, modbus::table in)
{
    auto const is_negative = text.starts_with('-');
    auto const n = meter::number_of(std::string_view{text}.substr(is_negative ? 1 : 0));
    auto const most = in == modbus::table::coils ? 1U : is_negative ? 0x8000U : 0xFFFFU;
    if (!n || *n > most || (is_negative && in == modbus::table::coils))
        return std::nullopt;
    return static_cast<std::uint16_t>(is_negative ? 0x10000U - *n : *n);
}

std::optional<writing> raw_writing(write_options const& o, std::string& why)
{
    auto const at = meter::range_of_text(o.what, why);
    if (!at)
        return std::nullopt;
    writing w{*at, {}, {}, {}};
    for (auto const& text : o.values) {
        auto const word = word_of(text, at->from);
        if (!word) {
            why = fmt::format("'{}' is no {}", text,
                              at->from == modbus::table::coils ? "coil; write 0 or 1"
                                                               : "register; write 0 to 65535, -1 or 0x1F");
            return std::nullopt;
        }
        w.values.push_back(*word);
    }
    if (at->from != modbus::table::coils && at->from != modbus::table::holding_registers)
        why = "Modbus has no way to write discrete inputs and input registers";
    else if (at->count != 1 && at->count != w.values.size())
        why = fmt::format("{} values do not fit {}", w.values.size(), o.what);
    w.at.count = static_cast<std::uint16_t>(w.values.size());
    w.how = {drivers::function_for(at->from, w.values.size(), o.multiple), at->address, w.values, 0};
    if (why.empty() && !modbus::is_valid(w.how.to(1)))
        why = fmt::format("{} values are too many; at most {} registers or {} coils", w.values.size(),
                          modbus::written_registers_max, modbus::written_bits_max);
    return why.empty() ? std::optional{std::move(w)} : std::nullopt;
}

/// A number, or one of the point's states.
std::optional<double> number_in(std::string const& text, drivers::point const& p)
{
    for (auto const& [number, name] : p.states)
        if (name == text)
            return static_cast<double>(number) * p.scale + p.offset;
    double v = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), v);
    return ec == std::errc{} && end == text.data() + text.size() ? std::optional{v} : std::nullopt;
}

std::optional<writing> point_writing(write_options const& o, meter_target const& to, std::string& why)
{
    if (!to.profile) {
        why = "a point needs the name of a configured device as target; --raw writes registers";
        return std::nullopt;
    }
    auto const& points = to.profile->points;
    auto const p = std::find_if(points.begin(), points.end(), [&](auto const& q) { return q.name == o.what; });
    if (to.profile->sunspec || p == points.end()) {
        std::vector<std::string> names;
        for (auto const& q : points)
            names.push_back(q.name);
        auto const near = nearest(o.what, {names.begin(), names.end()}, 1);
        why = to.profile->sunspec ? "a SunSpec device is never written"
                                  : fmt::format("{} has no point '{}'{}", to.name, o.what,
                                                near.empty() ? "" : "; did you mean '" + near.front() + "'?");
        return std::nullopt;
    }
    auto const v = o.values.size() == 1 ? number_in(o.values[0], *p) : std::nullopt;
    if (!v) {
        why = fmt::format("'{}' is no value of {}", fmt::join(o.values, " "), p->name);
        return std::nullopt;
    }
    auto how = drivers::write_of(*p, *v, o.multiple, why);
    if (!how)
        return std::nullopt;
    auto values = how->values;
    return writing{drivers::range_of(*p), std::move(values), *std::move(how), *p};
}

/// One write on one link: read the old values, and once the operator agrees write and read back.
class writer {
public:
    writer(meter_session& session, meter_target const& to, writing const& w)
        : session_{session}, to_{to}, writing_{w}, link_{session.open(to.address, to.timing)}
    {}

    exit_code look()
    {
        return session_.run([this]() -> asio::awaitable<exit_code> {
            auto const ec = co_await read(old_);
            if (ec)
                co_return co_await session_.explain(ec, to_.address, to_.timing, request());
            co_return exit_code::ok;
        });
    }

    /// "vendor.set_point: 40 -> 45.5 Hz (holding:100 0190 -> 01C7)".
    std::string intent() const
    {
        auto const unit = writing_.point && !writing_.point->unit.empty() ? " " + writing_.point->unit : "";
        auto const old = to_text(writing_.shown(old_));
        auto text = fmt::format("{} {}: {} -> {}{}", to_.name, writing_.name(), old.empty() ? "no number" : old,
                                to_text(writing_.shown(writing_.values)), unit);
        if (writing_.point)
            text += fmt::format(" ({}:{} {:04X} -> {:04X})", meter::name_of(writing_.at.from), writing_.at.address,
                                fmt::join(old_, " "), fmt::join(writing_.values, " "));
        return text;
    }

    exit_code write()
    {
        return session_.run([this]() -> asio::awaitable<exit_code> {
            auto const request = writing_.how.to(to_.unit);
            auto const reply = co_await link_->write(request);
            if (!reply.has_error())
                co_return co_await confirm();
            auto const code = co_await explain(reply.error());
            if (modbus::may_have_arrived(reply.error()) && !session_.interrupted()) {
                auto const ec = co_await read(now_);
                if (ec)
                    now_.clear();
            }
            co_return code;
        });
    }

    void print(bool json) const
    {
        table t{{{"what"}, {"old", true}, {"new", true}, {"now", true}, {"unit"}}};
        t.add({writing_.name(), writing_.shown(old_), writing_.shown(writing_.values), writing_.shown(now_),
               writing_.point ? writing_.point->unit : ""});
        t.print(session_.io(), json);
    }

private:
    modbus::read_request request() const
    {
        return {to_.unit, writing_.at.from, writing_.at.address, writing_.at.count};
    }

    asio::awaitable<boost::system::error_code> read(words& into)
    {
        into.assign(writing_.at.count, 0);
        auto const reply = co_await link_->read(request(), into);
        co_return reply.has_error() ? reply.error() : boost::system::error_code{};
    }

    asio::awaitable<exit_code> confirm()
    {
        auto const ec = co_await read(now_);
        if (ec) {
            now_.clear();
            session_.io().err << "meter: the device confirmed the write, but could not be read back\n";
            co_return co_await session_.explain(ec, to_.address, to_.timing, request());
        }
        if (now_ == writing_.values)
            co_return exit_code::ok;
        session_.io().err
            << "meter: the device confirmed the write, but says something else now: it may round, limit or "
               "ignore the value\n";
        co_return exit_code::failure;
    }

    asio::awaitable<exit_code> explain(boost::system::error_code ec)
    {
        if (ec == boost::system::errc::permission_denied) {
            session_.io().err << "meter: the agent refuses: " << session_.refusal() << '\n';
            co_return exit_code::refused;
        }
        auto const code = co_await session_.explain(ec, to_.address, to_.timing, request());
        if (modbus::may_have_arrived(ec))
            session_.io().err << "meter: it is not known whether the value arrived; it was sent once and is not sent "
                                 "again\n";
        co_return code;
    }

    meter_session& session_;
    meter_target const& to_;
    writing const& writing_;
    std::unique_ptr<modbus::link> link_;
    words old_;
    words now_;
};

/// Only a person at a terminal can be asked.
bool agrees(streams io)
{
    if (::isatty(STDIN_FILENO) == 0) {
        io.err << "meter: nothing was written; --yes-write writes without asking\n";
        return false;
    }
    io.err << "Write it? [y/N] " << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    auto const yes = answer == "y" || answer == "Y" || answer == "yes";
    if (!yes)
        io.err << "meter: nothing was written\n";
    return yes;
}

exit_code run_write(write_options const& o, streams io)
{
    auto code = exit_code::ok;
    auto const to = find_target(o, io, code);
    if (!to)
        return code;
    std::string why;
    auto const w = o.raw ? raw_writing(o, why) : point_writing(o, *to, why);
    if (!w) {
        io.err << "meter: " << why << '\n';
        return exit_code::usage;
    }
    meter_session session{io};
    if (!session.reach(o, *to, o.raw ? link_use::alone : link_use::shared, code))
        return code;
    writer job{session, *to, *w};
    if (code = job.look(); code != exit_code::ok)
        return code;
    io.err << "meter: " << job.intent() << '\n';
    if (!o.dry_run) {
        if (!o.yes && !agrees(io))
            return exit_code::usage;
        code = job.write();
    }
    job.print(o.json);
    return code;
}

} // namespace

void add_meter_write(CLI::App& meter, streams io, exit_code& code)
{
    auto options = std::make_shared<write_options>();
    auto* command = meter.add_subcommand("write", "Set one point that the site file opened, or raw registers");
    command->footer(
        "Examples:\n"
        "  kilnwatt meter write -c /etc/kilnwatt/site.toml pump vendor.set_point 45.5\n"
        "  kilnwatt meter write tcp://192.0.2.7 -u 1 --raw holding:100 0x01C7 --dry-run\n\n"
        "The old and the new value are shown, a person is asked, and the point is read back. A write is sent once.\n"
        "A point is opened in the site file by writable = {min = ..., max = ...}; if the agent owns the link, the\n"
        "agent's own file decides. Raw registers need a link that is opened here (--lease or --direct beside an "
        "agent).");
    add_meter_options(*command, *options);
    add_lease_option(*command, *options);
    command->add_option("WHAT", options->what, "Name of a point; with --raw [holding|coils:]ADDRESS")->required();
    command->add_option("VALUES", options->values, "In the point's unit, or one of its states; with --raw words")
        ->required();
    command->add_flag("--raw", options->raw, "Write registers or coils, whatever they mean");
    command->add_flag("--multiple", options->multiple, "Function code 16 (15) also for one register (coil)");
    command->add_flag("--yes-write,--yes", options->yes, "Write without asking");
    command->add_flag("--dry-run", options->dry_run, "Show what would be written");
    command->callback([options, io, &code] { code = run_write(*options, io); });
}

} // namespace kilnwatt::cli
