#include "agent/cli/commands.hpp"
#include "agent/cli/report_table.hpp"
#include "agent/cli/savings_lines.hpp"
#include "agent/cli/savings_periods.hpp"
#include "agent/journal/inbox.hpp"
#include "agent/savings/adjusted_savings.hpp"
#include "agent/savings/motor_split.hpp"
#include "core/plant_clock.hpp"

#include <CLI/CLI.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <ostream>

namespace kilnwatt::cli {
namespace {

namespace sv = savings;

struct fit_options {
    std::string site, energy, from, to, step = "day", id, author;
    std::vector<std::string> drivers;
};

/// The periods from..to; those that miss something are said on `io.err`, or the figure that none has.
std::optional<measured_periods> read_and_tell(settings::site const& site, stored_entries const& typed, sv::baseline& b,
                                              std::string const& from, std::string const& to, streams io)
{
    auto found = read_periods(site, typed, b, from, to, io);
    if (!found)
        return found;
    for (auto const& name : found->unknown)
        io.err << fmt::format(
            "no {0} has '{1}', stored or imported; `kilnwatt report {0}` names the figures there are\n",
            to_string(b.length), name);
    for (auto const& sentence : found->unknown.empty() ? found->left_out : std::vector<std::string>{})
        io.err << sentence << '\n';
    return found;
}

bool in_order(sv::step length, std::string const& from, std::string const& to, streams io)
{
    if (periods_within(length, from, to) > 0)
        return true;
    io.err << fmt::format("--to {} lies before --from {}\n", to, from);
    return false;
}

void print(sv::baseline const& b, streams io)
{
    auto const& m = b.model;
    if (!b.frozen.empty())
        io.out << fmt::format("baseline    {} (frozen {} by {})\n", b.id, b.frozen, b.author);
    io.out << fmt::format("energy      {} [{}] a {}, {} to {}, n = {}\n", b.energy, b.unit, to_string(b.length),
                          b.first, b.last, m.points);
    io.out << fmt::format("mean        {:.4f} {}\nb0          {:.6f} {}\n", m.mean, b.unit, m.coefficients[0].value,
                          b.unit);
    for (std::size_t i = 0; i < b.drivers.size(); ++i) {
        auto const& d = b.drivers[i];
        auto const& c = m.coefficients[i + 1];
        io.out << fmt::format("b{}          {:.6f} {}/{} of {} ({:g} to {:g}), t = {:.2f}\n", i + 1, c.value, b.unit,
                              d.unit, d.name, d.min, d.max, c.t);
    }
    auto const limits = sv::acceptance_of(b.length);
    io.out << fmt::format("CV(RMSE)    {:.4f} % (at most {:g} %)\nNMBE        {:.4f} % (at most {:g} %)\n"
                          "R2          {:.6f} (at least {:g})\ndata hash   {}\n",
                          100 * m.cv_rmse, 100 * limits.cv_rmse_max, std::abs(m.nmbe) < 1e-9 ? 0.0 : 100 * m.nmbe,
                          100 * limits.nmbe_max, m.r2, sv::r2_min, b.data_hash);
}

exit_code refuse(std::vector<std::string> const& reasons, std::string_view what, streams io)
{
    io.out << what << '\n';
    for (auto const& r : reasons)
        io.out << "  " << r << '\n';
    return exit_code::not_proven;
}

exit_code freeze(sv::baseline b, stored_entries const& typed, settings::site const& site, streams io)
{
    if (auto const held = typed.baselines.find(b.id); held != typed.baselines.end()) {
        auto const& h = held->second;
        auto const same = h.data_hash == b.data_hash && h.energy == b.energy && h.length == b.length &&
                          std::equal(h.drivers.begin(), h.drivers.end(), b.drivers.begin(), b.drivers.end(),
                                     [](auto const& x, auto const& y) { return x.name == y.name; });
        io.err << "baseline: '" << b.id << "' is frozen already"
               << (same ? ", with the same data\n"
                        : " with other data; "
                          "a changed baseline needs an id of its own\n");
        return same ? exit_code::ok : exit_code::not_proven;
    }
    b.frozen = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                           fmt::gmtime(std::chrono::system_clock::to_time_t(plant_clock{}.now().utc)));
    std::string why;
    if (journal::deposit(site.journal.path, {to_row(b)}, why).has_error()) {
        io.err << why << '\n';
        return exit_code::failure;
    }
    print(b, io);
    return exit_code::ok;
}

exit_code run_fit(fit_options const& o, streams io)
{
    if (!in_order(*sv::step_from_string(o.step), o.from, o.to, io))
        return exit_code::usage;
    auto const site = site_of(o.site, io);
    if (!site)
        return exit_code::bad_config;
    auto const typed = read_entries(site->journal.path, io);
    if (!typed)
        return exit_code::failure;
    sv::baseline b;
    b.id = o.id;
    b.author = o.author;
    b.energy = o.energy;
    b.length = *sv::step_from_string(o.step);
    for (auto const& d : o.drivers)
        b.drivers.push_back({d, ""});
    auto const measured = read_and_tell(*site, *typed, b, o.from, o.to, io);
    if (!measured)
        return exit_code::failure;
    std::string why;
    if (measured->periods.empty())
        return refuse({fmt::format("no {} from {} to {} has both the energy and every driver", to_string(b.length),
                                   o.from, o.to)},
                      "no baseline can be fitted:", io);
    if (!sv::fit_baseline(b, measured->periods, why))
        return refuse({why}, "no baseline can be fitted:", io);
    auto const defects = sv::defects_of(b);
    if (o.id.empty() || !defects.empty())
        print(b, io);
    if (!defects.empty())
        return refuse(defects, "this baseline may carry no claim:", io);
    return o.id.empty() ? exit_code::ok : freeze(std::move(b), *typed, *site, io);
}

exit_code run_show(std::string const& file, std::string const& id, streams io)
{
    auto const site = site_of(file, io);
    if (!site)
        return exit_code::bad_config;
    auto const typed = read_entries(site->journal.path, io);
    if (!typed)
        return exit_code::failure;
    if (id.empty()) {
        for (auto const& [name, b] : typed->baselines)
            io.out << name << '\t' << b.energy << '\t' << b.first << '\t' << b.last << '\t' << b.frozen << '\n';
        return exit_code::ok;
    }
    auto const b = typed->baselines.find(id);
    if (b == typed->baselines.end()) {
        io.err << "baseline: there is none called '" << id << "'; `kilnwatt baseline show` lists them\n";
        return exit_code::failure;
    }
    print(b->second, io);
    return exit_code::ok;
}

struct savings_options {
    std::string site, id, from, to;
    double confidence = 90;
    std::vector<std::string> adjustments; ///< "ENERGY:reason"
    std::optional<double> eta_before, eta_after, speed;
    bool csv = false, json = false;
};

std::optional<sv::motor_split> split_of(savings_options const& o, sv::adjusted_savings const& s)
{
    if (!o.eta_before || !o.eta_after)
        return std::nullopt;
    return sv::split_saving(s.fraction, *o.eta_before / 100, *o.eta_after / 100);
}

void print(sv::motor_split const& split, savings_options const& o, streams io)
{
    io.out << fmt::format(
        "motor       {:.3f} % comes from the motor's efficiency ({:g} to {:g} %), {:.3f} % from doing "
        "less\n            mean speed that explains it: {:.3f} % (P ~ n), {:.3f} % (P ~ n^3)\n",
        100 * split.efficiency, *o.eta_before, *o.eta_after, 100 * split.demand, 100 * split.speed_proportional,
        100 * split.speed_cubic);
    if (!o.speed) {
        io.out << "            the mean speed was not given (--speed): nothing shows that it fell\n";
        return;
    }
    auto const n = *o.speed / 100;
    io.out << fmt::format("            at the {:g} % measured the speed alone saves {:.3f} % (P ~ n) to {:.3f} % "
                          "(P ~ n^3)\n",
                          *o.speed, 100 * (1 - n), 100 * (1 - n * n * n));
}

void print(sv::baseline const& b, sv::adjusted_savings const& s, streams io)
{
    io.out << fmt::format("{:<12}{:>14}{:>14}{:>14}\n", to_string(b.length), "adjusted", "actual", "saved");
    for (auto const& p : s.periods)
        io.out << fmt::format("{:<12}{:>14.3f}{:>14.3f}{:>14.3f}{}\n", p.measured.label, p.adjusted,
                              p.measured.numbers.energy, p.adjusted - p.measured.numbers.energy,
                              p.extrapolated ? "  uncertain: extrapolated" : "");
    io.out << fmt::format("{:<12}{:>14.4f}{:>14.4f}{:>14.4f} {}\n", "sum", s.baseline_energy, s.actual_energy, s.saved,
                          b.unit);
}

/// "12.8913 % lower", "3.1000 % higher"
std::string lower(double reduction)
{
    return fmt::format("{:.4f} % {}", std::abs(100 * reduction), reduction < 0 ? "higher" : "lower");
}

exit_code run_report(savings_options const& o, streams io)
{
    auto const site = site_of(o.site, io);
    if (!site)
        return exit_code::bad_config;
    auto const typed = read_entries(site->journal.path, io);
    if (!typed)
        return exit_code::failure;
    auto const held = typed->baselines.find(o.id);
    if (held == typed->baselines.end()) {
        io.err << "savings: there is no frozen baseline '" << o.id << "'; freeze one with `kilnwatt baseline freeze`\n";
        return exit_code::failure;
    }
    auto b = held->second;
    if (!in_order(b.length, o.from, o.to, io))
        return exit_code::usage;
    std::vector<sv::adjustment> adjustments;
    for (auto const& text : o.adjustments) {
        auto const colon = text.find(':');
        try {
            adjustments.push_back(
                {std::stod(text.substr(0, colon)), text.substr(std::min(colon, text.size() - 1) + 1)});
        } catch (std::exception const&) {
            adjustments.clear();
        }
        if (colon == std::string::npos || adjustments.empty() || adjustments.back().reason.empty()) {
            io.err << "savings: --adjust '" << text
                   << "': write the energy and the reason, like '-120:no night shift'\n";
            return exit_code::usage;
        }
    }
    auto const measured = read_and_tell(*site, *typed, b, o.from, o.to, io);
    if (!measured)
        return exit_code::failure;
    auto c = report::claim_of(b, sv::savings_of(b, measured->periods, adjustments, o.confidence / 100), measured->q,
                              periods_within(b.length, o.from, o.to));
    auto const& s = c.figures;
    if (o.speed && sv::implausible(s.fraction, *o.speed / 100))
        c.refusals.push_back(fmt::format(
            "{:.1f} % without a change of speed cannot come from a motor: look at the meter", 100 * s.fraction));
    if (o.csv || o.json) {
        // A split of what is not claimed would be a claim.
        auto const t =
            table_of(lines_of(c, adjustments, c.refusals.empty() ? split_of(o, s) : std::optional<sv::motor_split>{}));
        if (o.csv)
            t.print_csv(io.out);
        else
            t.print(io, true);
        return c.refusals.empty() ? exit_code::ok : exit_code::not_proven;
    }
    io.out << fmt::format("baseline    {} ({} to {}, n = {}, data {})\n", b.id, b.first, b.last, b.model.points,
                          b.data_hash.substr(0, 12));
    for (auto const& a : adjustments)
        io.out << fmt::format("adjustment  {:+g} {}: {}\n", a.energy, b.unit, a.reason);
    if (!s.periods.empty())
        print(b, s, io);
    for (auto const& caution : c.cautions)
        io.out << "uncertain   " << caution << '\n';
    if (!c.refusals.empty())
        return refuse(c.refusals, "no savings are claimed:", io);
    io.out << fmt::format(
        "savings     {:.4f} {} = {:.4f} % of the adjusted baseline\nuncertainty ± {:.3f} % of the saving "
        "at {:g} % confidence (t = {:.4f}, m = {})\n",
        s.saved, b.unit, 100 * s.fraction, 100 * s.uncertainty, o.confidence, s.t, s.periods.size());
    io.out << fmt::format("not savings mean {} {}, work {:+.4f} %", to_string(b.length), lower(s.absolute_reduction),
                          100 * s.work_change);
    if (!b.drivers.empty())
        io.out << fmt::format(", energy per {} {}", b.drivers.front().unit, lower(s.per_unit_reduction));
    io.out << '\n';
    if (auto const split = split_of(o, s))
        print(*split, o, io);
    return exit_code::ok;
}

CLI::Validator is_date()
{
    return {
        [](std::string& d) { return entries::is_period(d) ? std::string{} : "'" + d + "' is no date like 2026-03-15"; },
        "DATE"};
}

/// It becomes a part of the names of figures.
CLI::Validator is_name()
{
    return {[](std::string& id) {
                auto const fits = std::all_of(id.begin(), id.end(), [](char c) {
                    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
                });
                return fits && !id.empty() && id.size() <= 64
                           ? std::string{}
                           : "'" + id + "' is no name: write 1 to 64 small letters, digits, - and _, like press-pump";
            },
            "NAME"};
}

void add_fit_options(CLI::App& c, std::shared_ptr<fit_options> const& o)
{
    c.add_option("-c,--config", o->site, "Site file")->required();
    c.add_option("--energy", o->energy, "Metric, for example press_pump.e")->required();
    c.add_option("--driver", o->drivers, "Metric or item that explains it, for example production; may be repeated")
        ->required();
    c.add_option("--from", o->from, "First period")->required()->check(is_date());
    c.add_option("--to", o->to, "Last period")->required()->check(is_date());
    c.add_option("--by", o->step, "day or month")->check(CLI::IsMember({"day", "month"}))->capture_default_str();
}

} // namespace

void add_baseline(CLI::App& app, streams io, exit_code& code)
{
    auto* baseline = app.add_subcommand("baseline", "Models of the energy before a measure");
    baseline->require_subcommand(1);
    auto o = std::make_shared<fit_options>();
    auto* fit = baseline->add_subcommand("fit", "Fit a model and judge it; nothing is stored");
    fit->footer("Example:\n  kilnwatt baseline fit -c site.toml --energy press_pump.e --driver production "
                "--from 2026-03-01 --to 2026-03-31");
    add_fit_options(*fit, o);
    auto* freeze = baseline->add_subcommand("freeze", "Fit a model and keep it for ever under an id");
    add_fit_options(*freeze, o);
    freeze->add_option("--id", o->id, "Name of the baseline: small letters, digits, - and _")
        ->required()
        ->check(is_name());
    freeze->add_option("--author", o->author, "Who vouches for it")->required();
    fit->callback([o, io, &code] { code = run_fit(*o, io); });
    freeze->callback([o, io, &code] { code = run_fit(*o, io); });
    auto* show = baseline->add_subcommand("show", "List the frozen baselines, or one of them");
    show->add_option("-c,--config", o->site, "Site file")->required();
    show->add_option("ID", o->id, "Its name");
    show->callback([o, io, &code] { code = run_show(o->site, o->id, io); });
}

void add_savings(CLI::App& app, streams io, exit_code& code)
{
    auto* savings = app.add_subcommand("savings", "What a measure saved, against a frozen baseline");
    savings->require_subcommand(1);
    auto o = std::make_shared<savings_options>();
    auto* report = savings->add_subcommand("report", "Adjusted savings with their uncertainty, or why there are none");
    report->footer(
        "Example:\n  kilnwatt savings report -c site.toml --baseline pump --from 2026-05-01 --to 2026-05-31");
    report->add_option("-c,--config", o->site, "Site file")->required();
    report->add_option("--baseline", o->id, "Id of a frozen baseline")->required();
    report->add_option("--from", o->from, "First period")->required()->check(is_date());
    report->add_option("--to", o->to, "Last period")->required()->check(is_date());
    report->add_option("--confidence", o->confidence, "Percent, two-sided")
        ->check(CLI::Range(50.0, 99.9))
        ->capture_default_str();
    report->add_option("--adjust", o->adjustments, "ENERGY:reason of a change that is not the measure's");
    auto* before = report->add_option("--motor-before", o->eta_before, "Efficiency of the old motor, %")
                       ->check(CLI::Range(1.0, 100.0));
    auto* after = report->add_option("--motor-after", o->eta_after, "Efficiency of the new motor, %")
                      ->check(CLI::Range(1.0, 100.0));
    before->needs(after);
    after->needs(before);
    report->add_option("--speed", o->speed, "Mean speed after, % of that before")->check(CLI::Range(1.0, 200.0));
    auto* csv = report->add_flag("--csv", o->csv, "Comma-separated (RFC 4180), one figure a line");
    report->add_flag("--json", o->json, "JSON lines, one figure a line")->excludes(csv);
    report->callback([o, io, &code] { code = run_report(*o, io); });
}

} // namespace kilnwatt::cli
