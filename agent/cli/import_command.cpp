#include "agent/cli/commands.hpp"
#include "agent/cli/stored_entries.hpp"
#include "agent/entries/entry_csv.hpp"
#include "agent/journal/inbox.hpp"

#include <CLI/CLI.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>
#include <ostream>

namespace kilnwatt::cli {
namespace {

exit_code refuse(config::defects const& found, std::string const& what, streams io)
{
    for (auto const& d : found)
        io.out << config::to_string(d) << '\n';
    io.err << what << ": " << found.size() << (found.size() == 1 ? " mistake" : " mistakes")
           << ", nothing was stored\n";
    return exit_code::bad_config;
}

/// A period that has begun nowhere on earth yet is a slip of the pen.
void refuse_to_come(std::vector<entries::entry> const& given, std::string const& file, config::defects& found)
{
    auto const first_midnight = std::chrono::system_clock::now() + std::chrono::hours{14};
    auto const today = fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::chrono::system_clock::to_time_t(first_midnight)));
    for (auto const& e : given)
        if (e.period > today.substr(0, e.period.size()))
            config::note(found, {{file, 0, 0},
                                 "period",
                                 fmt::format("{} of {} has not begun", e.item, e.period),
                                 "give a day, month or year that is over"});
}

/// Stores what is new or changed.
exit_code store(settings::site const& site, std::vector<entries::entry> const& given, std::string const& what,
                streams io)
{
    config::defects found;
    refuse_to_come(given, what, found);
    if (!found.empty())
        return refuse(found, what, io);
    auto const held = read_entries(site.journal.path, io);
    if (!held)
        return exit_code::failure;
    auto const fresh = held->book.changes(given, what, found);
    if (!found.empty())
        return refuse(found, what, io);
    std::vector<row> rows;
    std::size_t revised = 0;
    for (auto const& e : fresh) {
        rows.push_back(entries::to_row(e));
        revised += e.revision > 0 ? 1 : 0;
    }
    std::string why;
    if (!rows.empty() && journal::deposit(site.journal.path, rows, why).has_error()) {
        io.err << why << '\n';
        return exit_code::failure;
    }
    io.out << what << ": " << fresh.size() - revised << " new, " << revised << " revised, "
           << given.size() - fresh.size() << " unchanged\n";
    return exit_code::ok;
}

struct import_options {
    std::string site, file, author;
};

exit_code run_import(import_options const& o, streams io)
{
    auto const site = site_of(o.site, io);
    if (!site)
        return exit_code::bad_config;
    std::ifstream in{o.file, std::ios::binary};
    std::string text(entries::csv_bytes_max + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!in.eof() || in.bad() || in.gcount() == 0) {
        io.err << "import: cannot read " << o.file << ", or it is empty or larger than 16 MiB\n";
        return exit_code::failure;
    }
    text.resize(static_cast<std::size_t>(in.gcount()));
    config::defects found;
    auto const given = entries::read_csv(text, o.file, o.author, found);
    return found.empty() ? store(*site, given, o.file, io) : refuse(found, o.file, io);
}

struct production_options {
    std::string site;
    entries::entry e;
};

exit_code run_production(production_options o, streams io)
{
    auto const site = site_of(o.site, io);
    if (!site)
        return exit_code::bad_config;
    config::defects found;
    o.e.item = "production";
    entries::check(o.e, {"production", 0, 0}, found);
    return found.empty() ? store(*site, {o.e}, "production of " + o.e.period, io) : refuse(found, "production", io);
}

} // namespace

void add_import(CLI::App& app, streams io, exit_code& code)
{
    auto o = std::make_shared<import_options>();
    auto* c = app.add_subcommand("import", "Store energy, production, material and cost of past periods from a table");
    c->footer("The table: period,item,value,unit,source,author\n"
              "Example:\n  kilnwatt import -c site.toml --author 'Li Wei' 2020.csv");
    c->add_option("FILE", o->file, "CSV in UTF-8")->required();
    c->add_option("-c,--config", o->site, "Site file")->required();
    c->add_option("--author", o->author, "Who vouches for lines without an author");
    c->callback([o, io, &code] { code = run_import(*o, io); });
}

void add_production(CLI::App& app, streams io, exit_code& code)
{
    auto o = std::make_shared<production_options>();
    auto* production = app.add_subcommand("production", "Production typed in by hand");
    production->require_subcommand(1);
    auto* c = production->add_subcommand("add", "Store the production of a day, month or year, or correct it");
    c->footer("Example:\n  kilnwatt production add -c site.toml 2026-03-15 12.4 t --source 'shift book' --author Li");
    c->add_option("PERIOD", o->e.period, "2026-03-15, 2026-03 or 2026")->required();
    c->add_option("VALUE", o->e.value, "Qualified product")->required()->check(not_below_0, "NUMBER");
    c->add_option("UNIT", o->e.unit, "t, kg, m2 or piece")->required();
    c->add_option("-c,--config", o->site, "Site file")->required();
    c->add_option("--source", o->e.source, "Where the number comes from")->required();
    c->add_option("--author", o->e.author, "Who vouches for it")->required();
    c->callback([o, io, &code] { code = run_production(*o, io); });
}

} // namespace kilnwatt::cli
