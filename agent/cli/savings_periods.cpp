#include "agent/cli/savings_periods.hpp"

#include <algorithm>
#include <chrono>
#include <set>

namespace kilnwatt::cli {
namespace {

namespace sv = savings;
namespace chrono = std::chrono;

/// Labels of all series that lie in from..to, both included; "2026-05" holds all its days, and a day names its month.
std::set<std::string> labels_within(std::vector<series const*> const& all, std::string const& from,
                                    std::string const& to)
{
    std::set<std::string> found;
    for (auto const* s : all)
        for (auto const& [label, value] : *s)
            if (label >= from.substr(0, label.size()) && label.substr(0, to.size()) <= to)
                found.insert(label);
    return found;
}

/// A number at a place of a date, `otherwise` when the date is shorter.
int part(std::string const& date, std::size_t at, std::size_t n, int otherwise)
{
    return date.size() < at + n ? otherwise : std::stoi(date.substr(at, n));
}

} // namespace

std::optional<measured_periods> read_periods(settings::site const& site, stored_entries const& typed, sv::baseline& b,
                                             std::string const& from, std::string const& to, streams io)
{
    auto const energy = read_series(site, typed, b.energy, b.length, io);
    if (!energy)
        return std::nullopt;
    std::vector<series> drivers;
    for (auto& d : b.drivers) {
        auto s = read_series(site, typed, d.name, b.length, io);
        if (!s)
            return std::nullopt;
        if (d.unit.empty() && !s->empty())
            d.unit = s->begin()->second.unit;
        drivers.push_back(std::move(*s));
    }
    std::vector<series const*> all{&*energy};
    for (auto const& d : drivers)
        all.push_back(&d);
    measured_periods found;
    found.holds_energy = !energy->empty();
    if (energy->empty())
        found.unknown.push_back(b.energy);
    for (std::size_t i = 0; i < drivers.size(); ++i)
        if (drivers[i].empty())
            found.unknown.push_back(b.drivers[i].name);
    for (auto const& label : labels_within(all, from, to)) {
        auto const used = energy->find(label);
        if (used == energy->end()) {
            found.left_out.push_back(label + " is left out: " + b.energy + " is missing");
            continue;
        }
        sv::period p{label, {used->second.value, {}}};
        auto q = used->second.q;
        if (b.unit.empty())
            b.unit = used->second.unit;
        for (std::size_t i = 0; i < drivers.size(); ++i) {
            auto const x = drivers[i].find(label);
            if (x == drivers[i].end() || x->second.unit != b.drivers[i].unit)
                continue;
            p.numbers.drivers.push_back(x->second.value);
            q = worst(q, x->second.q);
        }
        if (p.numbers.drivers.size() != drivers.size() || used->second.unit != b.unit) {
            found.left_out.push_back(label + " is left out: a driver is missing, or a unit differs");
            continue;
        }
        found.q = found.periods.empty() ? q : worst(found.q, q);
        found.periods.push_back(std::move(p));
    }
    return found;
}

std::size_t periods_within(sv::step length, std::string const& from, std::string const& to)
{
    if (!entries::is_period(from) || !entries::is_period(to))
        return 0;
    constexpr int months = 12;
    if (length == sv::step::month) {
        auto const first = months * part(from, 0, 4, 0) + part(from, 5, 2, 1);
        auto const last = months * part(to, 0, 4, 0) + part(to, 5, 2, months);
        return static_cast<std::size_t>(std::max(0, last - first + 1));
    }
    chrono::year_month const month{chrono::year{part(to, 0, 4, 0)},
                                   chrono::month{static_cast<unsigned>(part(to, 5, 2, months))}};
    auto const end_of_month = static_cast<int>(static_cast<unsigned>((month / chrono::last).day()));
    chrono::sys_days const first{chrono::year{part(from, 0, 4, 0)} / part(from, 5, 2, 1) / part(from, 8, 2, 1)};
    chrono::sys_days const last{month / part(to, 8, 2, end_of_month)};
    return last < first ? 0 : static_cast<std::size_t>((last - first).count() + 1);
}

} // namespace kilnwatt::cli
