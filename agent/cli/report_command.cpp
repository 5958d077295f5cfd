#include "agent/cli/commands.hpp"
#include "agent/cli/report_table.hpp"
#include "agent/cli/savings_periods.hpp"
#include "agent/control/plant_of.hpp"
#include "agent/report/html_page.hpp"
#include "agent/report/report_lines.hpp"
#include "core/plant_clock.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <ostream>

namespace kilnwatt::cli {
namespace {

enum class report_format { table, csv, json, html };

struct report_options {
    std::string site;
    report::report_request wanted;
    report_format format = report_format::table;
    std::string language = "en";
    bool production_day = false;
};

void print(report::site_report const& r, report_format format, streams io)
{
    auto const t = table_of(report::lines_of(r));
    if (format == report_format::csv)
        t.print_csv(io.out);
    else
        t.print(io, format == report_format::json);
}

constexpr double confidence = 0.9; ///< of mv.uncertainty

/// Adds what the period saved against each frozen baseline whose energy is known. A production day has no part in days,
/// nor a day in the months of a model.
bool add_savings_of(report::site_report& r, settings::site const& site, stored_entries const& typed, streams io)
{
    if (r.what == report::span::production_day)
        return true;
    for (auto [id, b] : typed.baselines) {
        if (r.what == report::span::day && b.length == savings::step::month)
            continue;
        auto const measured = read_periods(site, typed, b, r.label, r.label, io);
        if (!measured)
            return false;
        if (!measured->holds_energy)
            continue;
        auto s = savings::savings_of(b, measured->periods, {}, confidence);
        auto const expected = periods_within(b.length, r.label, r.label);
        r.savings.push_back(report::claim_of(std::move(b), std::move(s), measured->q, expected));
    }
    return true;
}

exit_code run_report(report_options const& o, streams io)
{
    auto const site = site_of(o.site, io);
    if (!site)
        return exit_code::bad_config;
    if (o.production_day && site->production_day.count() == 0) {
        io.err << "report: the site has no production day; give [site] production_day, for example \"8 h\"\n";
        return exit_code::bad_config;
    }
    std::error_code ec;
    if (!std::filesystem::exists(site->journal.path, ec)) {
        io.err << "report: there is no journal " << site->journal.path << " yet; `kilnwatt run` makes it\n";
        return exit_code::failure;
    }
    auto const typed = read_entries(site->journal.path, io);
    if (!typed)
        return exit_code::failure;
    std::string why;
    auto reader = journal::journal_reader::open(site->journal.path, why);
    if (reader.has_error()) {
        io.err << why << '\n';
        return exit_code::failure;
    }
    config::defects found;
    auto const plant = control::whole_plant_of(*site, found);
    for (auto const& d : found)
        io.err << config::to_string(d) << '\n';
    if (!found.empty())
        return exit_code::bad_config;
    auto wanted = o.wanted;
    wanted.site = site->name;
    auto r = report::read_report(*reader, plant, typed->book, wanted, why);
    if (!r) {
        io.err << "report: " << why << '\n';
        return exit_code::failure;
    }
    if (!add_savings_of(*r, *site, *typed, io))
        return exit_code::failure;
    if (o.format != report_format::html) {
        if (io.out_is_terminal)
            io.err << r->site << ", " << to_string(r->what) << ' ' << r->label << '\n';
        print(*r, o.format, io);
        return exit_code::ok;
    }
    auto const now = plant_clock{}.now().utc.time_since_epoch().count();
    auto const made = fmt::format("kilnwatt {}, {} ({})", KILNWATT_VERSION, report::local_text(now, plant.local_time),
                                  site->timezone);
    io.out << report::html_page(*r, plant.local_time,
                                o.language == "zh" ? report::language::chinese : report::language::english, made);
    return exit_code::ok;
}

void add_span(CLI::App& report, report::span what, std::string const& example, streams io, exit_code& code)
{
    auto o = std::make_shared<report_options>();
    o->wanted.what = what;
    auto const name = std::string{to_string(what)};
    auto* c = report.add_subcommand(name, "Figures, balance, cost and sources of a " + name);
    c->footer("Example:\n  kilnwatt report " + name + " -c site.toml --date " + example + " --html > " + name +
              ".html");
    c->add_option("-c,--config", o->site, "Site file")->required();
    c->add_option("--date", o->wanted.date, "Local date like " + example + "; without it the last one stored");
    if (what == report::span::day)
        c->add_flag("--production-day", o->production_day, "The day that begins with the first shift");
    if (what == report::span::month || what == report::span::year)
        c->add_option("--base", o->wanted.base,
                      what == report::span::year
                          ? "Base year of the reduction of energy per product, like 2020"
                          : "Year, like 2020, whose same month the energy per product goes against");
    auto const format = [&](char const* flag, report_format f, char const* about) {
        return c->add_flag_function(
            flag, [o, f](std::int64_t) { o->format = f; }, about);
    };
    auto* csv = format("--csv", report_format::csv, "Comma-separated (RFC 4180), one figure a line");
    auto* json = format("--json", report_format::json, "JSON lines, one figure a line")->excludes(csv);
    format("--html", report_format::html, "One page with charts, for screen and paper")->excludes(csv)->excludes(json);
    c->add_option("--lang", o->language, "Language of the page: en or zh")
        ->check(CLI::IsMember({"en", "zh"}))
        ->capture_default_str();
    c->callback([o, io, &code] {
        if (o->production_day)
            o->wanted.what = report::span::production_day;
        code = run_report(*o, io);
    });
}

} // namespace

void add_report(CLI::App& app, streams io, exit_code& code)
{
    auto* report = app.add_subcommand("report", "Reports of a day, month or year from the stored windows");
    report->require_subcommand(1);
    add_span(*report, report::span::day, "2026-05-03", io, code);
    add_span(*report, report::span::month, "2026-05", io, code);
    add_span(*report, report::span::year, "2026", io, code);
}

} // namespace kilnwatt::cli
