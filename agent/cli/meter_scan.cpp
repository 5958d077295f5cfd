#include "agent/cli/meter_commands.hpp"

#include "agent/cli/progress.hpp"
#include "agent/meter/profile_match.hpp"
#include "agent/meter/range_text.hpp"
#include "drivers/device.hpp"
#include "drivers/sunspec_chain.hpp"
#include "protocols/modbus/error.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ostream>

namespace kilnwatt::cli {
namespace {

namespace sunspec = drivers::sunspec;

constexpr std::array<std::uint16_t, 6> common_ports{502, 503, 1502, 5020, 8502, 5502};
constexpr std::chrono::milliseconds scan_timeout{300};
constexpr int same_to_all = 5; ///< so many units with the same answer, and the last one too: the unit is ignored
constexpr std::array first_questions{modbus::table::holding_registers, modbus::table::input_registers};
constexpr int silences_max = 3;
constexpr int losses_max = 5; ///< so many units in a row at which the connection was closed: it is not the unit

struct scan_options : meter_options {
    std::string units = "1-247";
};

struct found_unit {
    int unit = 0;
    std::string answered; ///< "values", or the exception
    std::vector<std::uint16_t> words;
};

std::optional<std::pair<int, int>> units_of(std::string const& text)
{
    auto const dash = text.find('-');
    auto const first = meter::number_of(std::string_view{text}.substr(0, dash));
    auto const last = dash == std::string::npos ? first : meter::number_of(std::string_view{text}.substr(dash + 1));
    if (!first || !last || *first > *last || *last > 255)
        return std::nullopt;
    return std::pair{static_cast<int>(*first), static_cast<int>(*last)};
}

/// One link: which units answer, and what each may be.
class scanner {
public:
    scanner(meter_session& session, link_address at, modbus::link_timing timing,
            std::vector<drivers::profile> const& profiles, table& found)
        : session_{session}, at_{std::move(at)}, timing_{timing}, profiles_{profiles}, found_{found},
          link_{session.open(at_, timing_)}
    {}

    /// The error that made going on useless, Ctrl-C included; what was found until then is shown. Where nobody answers
    /// about holding register 0, all are asked once more about input register 0: few keep silent about what they lack.
    asio::awaitable<boost::system::error_code> scan(int first, int last)
    {
        progress bar{session_.io(), static_cast<std::size_t>(last - first + 1)};
        std::vector<found_unit> alive;
        boost::system::error_code ended;
        for (auto const t : first_questions) {
            asked_ = t;
            ended = co_await look(first, last, bar, alive);
            if (ended || !alive.empty())
                break;
        }
        for (std::size_t i = 0; i < alive.size() && !ended && !session_.interrupted(); ++i) {
            bar.show(0, fmt::format("identifying unit {}", alive[i].unit));
            co_await identify(alive[i]);
            identified_ = i + 1;
        }
        for (auto i = identified_; i < alive.size(); ++i)
            add(alive[i], {}, {}, "not identified: the scan was ended");
        co_return ended;
    }

private:
    asio::awaitable<boost::system::error_code> look(int first, int last, progress& bar, std::vector<found_unit>& alive)
    {
        int in_a_row = 0;
        boost::system::error_code ended;
        for (int u = first; u <= last && !ended; ++u) {
            bar.show(static_cast<std::size_t>(u - first), fmt::format("unit {}, {} found", u, alive.size()));
            ended = co_await probe(u, alive);
            if (ended)
                break;
            auto const n = alive.size();
            auto const same = n >= 2 && alive[n - 1].unit == u && alive[n - 2].unit == u - 1 &&
                              alive[n - 1].answered == alive[n - 2].answered &&
                              alive[n - 1].words == alive[n - 2].words;
            in_a_row = same ? in_a_row + 1 : 0;
            if (in_a_row == same_to_all - 1 && last - u > 1 && !co_await another_answers(last, alive.back())) {
                in_a_row = 0;
            } else if (in_a_row == same_to_all - 1 && last - u > 1) {
                alive.resize(n - same_to_all + 1);
                session_.io().err << "scan: " << at_.url()
                                  << " gives every unit number the same answer; one is shown\n";
                break;
            }
        }
        co_return ended;
    }

    asio::awaitable<boost::system::error_code> probe(int unit, std::vector<found_unit>& alive)
    {
        modbus::read_request const q{static_cast<std::uint8_t>(unit), asked_, 0, 1};
        std::vector<std::uint16_t> words(1);
        auto const reply = co_await link_->read(q, words);
        using modbus::errc;
        auto const lost = reply.has_error() && reply.error() == errc::connection_lost;
        losses_ = lost ? losses_ + 1 : 0;
        if (lost && losses_ < losses_max) // some gateways close the connection instead of an exception 10 or 11
            co_return boost::system::error_code{};
        if (reply.has_value())
            alive.push_back({unit, "values", words});
        else if (reply.error() == errc::gateway_path_unavailable || reply.error() == errc::gateway_target_failed)
            co_return boost::system::error_code{};
        else if (modbus::is_exception(reply.error()))
            alive.push_back({unit, fmt::format("exception {}", reply.error().value()), {}});
        else if (reply.error() != errc::timeout && reply.error() != errc::malformed_reply)
            co_return reply.error();
        co_return boost::system::error_code{};
    }

    asio::awaitable<bool> another_answers(int unit, found_unit const& like)
    {
        std::vector<found_unit> last;
        co_await probe(unit, last);
        co_return !last.empty() && last[0].answered == like.answered && last[0].words == like.words;
    }

    /// Asks once for what the book does not know. False when the device keeps silent.
    asio::awaitable<bool> learn(int unit, drivers::read_range range)
    {
        if (book_.knows(range))
            co_return true;
        modbus::read_request const q{static_cast<std::uint8_t>(unit), range.from, range.address, range.count};
        std::vector<std::uint16_t> words(range.count);
        auto const reply = co_await link_->read(q, words);
        if (reply.has_value())
            book_.answered(range, words);
        else
            book_.refused(range);
        co_return reply.has_value() || modbus::is_exception(reply.error());
    }

    asio::awaitable<void> identify(found_unit const& u)
    {
        book_ = {};
        sunspec::chain_walk chain;
        int silences = 0;
        while (auto const range = chain.next()) {
            auto const answered = co_await learn(u.unit, *range);
            silences += answered ? 0 : 1;
            if (session_.interrupted() || silences > silences_max)
                break;
            if (auto const words = book_.words(*range))
                chain.answer(*words);
            else
                chain.refuse();
        }
        if (chain.result() == sunspec::chain_walk::outcome::found) {
            co_await name_sunspec(u, chain.chain());
            co_return;
        }
        for (auto const& p : profiles_)
            for (auto const& w : meter::witnesses_of(p)) {
                auto const answered = co_await learn(u.unit, drivers::range_of(w));
                silences = answered ? 0 : silences + 1;
                if (session_.interrupted() || silences > silences_max)
                    break;
            }
        auto const fits = meter::best_fits(profiles_, book_);
        if (fits.empty()) {
            add(u, {}, {}, "no profile fits; read some registers and give them to `kilnwatt meter decode`");
            co_return;
        }
        auto reason = fits[0].reason;
        for (std::size_t i = 1; i < fits.size(); ++i)
            reason += fmt::format("{} {} {:.2f}", i == 1 ? "; or" : ",", fits[i].profile, fits[i].confidence);
        add(u, fits[0].profile, fits[0].confidence, reason);
    }

    asio::awaitable<void> name_sunspec(found_unit const& u, std::vector<sunspec::block> const& chain)
    {
        std::string reason = "SunSpec models";
        for (auto const& b : chain)
            reason += fmt::format(" {}", b.id);
        drivers::profile p;
        p.id = "sunspec";
        for (auto const& q : sunspec::points_of(chain))
            if (q.name == "manufacturer" || q.name == "model" || q.name == "serial_number")
                p.points.push_back(q);
        for (auto& q : p.points)
            q.poll = drivers::poll_class::normal;
        drivers::device device{"scan", static_cast<std::uint8_t>(u.unit), p};
        plant_clock const clock;
        auto const r = co_await device.read(*link_, drivers::poll_class::normal, clock);
        for (std::size_t i = 0; r.has_value() && i < r->cells.size(); ++i)
            reason += fmt::format("{} {}", i == 0 ? ";" : ",", to_text(scaled(*r, i)));
        add(u, "sunspec", 1.0, reason);
    }

    void add(found_unit const& u, std::string profile, std::optional<double> confidence, std::string reason)
    {
        value const profile_cell = profile.empty() ? value{} : value{std::move(profile)};
        value const sure = confidence ? value{std::round(*confidence * 100) / 100} : value{};
        found_.add({at_.url(), std::int64_t{u.unit}, u.answered, profile_cell, sure, std::move(reason)});
    }

    meter_session& session_;
    link_address at_;
    modbus::link_timing timing_;
    std::vector<drivers::profile> const& profiles_;
    table& found_;
    std::unique_ptr<modbus::link> link_;
    meter::register_book book_;
    modbus::table asked_ = modbus::table::holding_registers;
    int losses_ = 0; ///< in a row
    std::size_t identified_ = 0;
};

asio::awaitable<exit_code> scan_all(meter_session& session, std::vector<meter_target> const& places,
                                    std::pair<int, int> units, bool json)
{
    auto const profiles = known_profiles();
    table found{{{"link"}, {"unit", true}, {"answered"}, {"profile"}, {"confidence", true}, {"reason"}}};
    auto code = exit_code::ok;
    for (auto const& place : places) {
        if (session.interrupted())
            break;
        scanner s{session, place.address, place.timing, profiles, found};
        auto const ec = co_await s.scan(units.first, units.second);
        if (!ec)
            continue;
        if (places.size() > 1 && ec == modbus::errc::connect_failed)
            continue; // of many ports most are closed
        modbus::read_request const q{.unit = static_cast<std::uint8_t>(units.first)};
        code = co_await session.explain(ec, place.address, place.timing, q);
    }
    if (found.empty()) {
        if (!session.interrupted() && code == exit_code::ok)
            session.io().err << "scan: nothing answered; check address, unit range, baud rate and wiring\n";
        co_return code == exit_code::ok ? exit_code::device_silent : code;
    }
    found.print(session.io(), json);
    co_return exit_code::ok;
}

/// A bare host is tried on the common ports.
std::vector<meter_target> places_of(scan_options const& o, streams io, exit_code& code)
{
    std::vector<meter_target> places;
    auto one = o;
    auto const is_host = o.config.empty() && o.target.find("://") == std::string::npos;
    for (std::size_t i = 0; i < (is_host ? common_ports.size() : 1); ++i) {
        if (is_host)
            one.target = fmt::format("tcp://{}:{}", o.target, common_ports[i]);
        auto t = find_target(one, io, code);
        if (!t)
            return {};
        t->timing.response_timeout = std::chrono::milliseconds{o.timeout_ms.value_or(scan_timeout.count())};
        places.push_back(*std::move(t));
    }
    return places;
}

} // namespace

void add_meter_scan(CLI::App& meter, streams io, exit_code& code)
{
    auto options = std::make_shared<scan_options>();
    auto* command = meter.add_subcommand("scan", "Which units answer, and which profile fits each");
    command->footer(
        "Examples:\n"
        "  kilnwatt meter scan 192.0.2.7\n"
        "  kilnwatt meter scan 'serial:///dev/ttyUSB0?baud=9600&parity=even' --units 1-32\n\n"
        "A bare host is tried on the ports 502, 503, 1502, 5020, 8502 and 5502. Ctrl-C prints what was found.");
    add_meter_options(*command, *options);
    add_lease_option(*command, *options);
    command->add_option("--units", options->units, "Units to ask")->capture_default_str();
    command->callback([options, io, &code] {
        auto const units = units_of(options->units);
        if (!units) {
            io.err << "scan: --units '" << options->units << "' is no range; write 1-247 or 5\n";
            code = exit_code::usage;
            return;
        }
        auto const places = places_of(*options, io, code);
        if (places.empty())
            return;
        meter_session session{io};
        for (auto const& place : places)
            if (!session.reach(*options, place, link_use::alone, code))
                return;
        code = session.run([&] { return scan_all(session, places, *units, options->json); });
    });
}

} // namespace kilnwatt::cli
