#include "agent/entries/entry_book.hpp"

#include "core/aggregate_columns.hpp"

#include <fmt/format.h>

#include <chrono>

namespace kilnwatt::entries {
namespace {

constexpr std::string_view source_name = "kilnwatt import";

column text_column(std::string name)
{
    column c;
    c.name = std::move(name);
    c.kind = value_kind::text;
    return c;
}

/// The months of a year, the days of a month.
std::vector<std::string> parts_of(std::string const& period)
{
    using namespace std::chrono;
    std::vector<std::string> parts;
    unsigned last = 0;
    if (period.size() == 4)
        last = 12;
    else if (period.size() == 7)
        last = static_cast<unsigned>(
            (year{std::stoi(period)} / static_cast<int>(std::stoi(period.substr(5))) / std::chrono::last).day());
    for (unsigned i = 1; i <= last; ++i)
        parts.push_back(fmt::format("{}-{:02}", period, i));
    return parts;
}

bool same(entry const& a, entry const& b)
{
    return a.value == b.value && a.unit == b.unit && a.source == b.source && a.author == b.author;
}

} // namespace

row to_row(entry const& e)
{
    auto l = std::make_shared<layout>();
    l->device = aggregate::site;
    l->kind = stream::entry;
    l->source = source_name;
    column value, revision;
    value.name = e.item;
    value.unit = e.unit;
    value.kind = value_kind::f64;
    revision.name = aggregate::revision;
    l->columns = {value, revision, text_column("period"), text_column("source"), text_column("author")};
    row r;
    r.layout = std::move(l);
    r.texts = {e.period, e.source, e.author};
    r.cells = {cell_of(e.value, quality::manual_value), cell_of(e.revision), cell_of(std::uint64_t{0}),
               cell_of(std::uint64_t{1}), cell_of(std::uint64_t{2})};
    return r;
}

std::optional<entry> entry_of(row const& r)
{
    if (r.layout->kind != stream::entry || r.layout->source != source_name || r.cells.size() != 5)
        return std::nullopt;
    auto const text = [&](std::size_t i) {
        auto const v = scaled(r, i);
        auto const* t = std::get_if<std::string>(&v);
        return t != nullptr ? *t : std::string{};
    };
    auto const value = scaled_number(r, 0);
    auto const revision = scaled(r, 1);
    auto const* n = std::get_if<std::int64_t>(&revision);
    if (value != value || n == nullptr)
        return std::nullopt;
    auto const& c = r.layout->columns[0];
    return entry{c.name, c.unit, text(2), value, text(3), text(4), *n};
}

void entry_book::add(entry e)
{
    auto const key = std::pair{e.item, e.period};
    auto const held = entries_.find(key);
    if (held == entries_.end() || held->second.revision <= e.revision)
        entries_.insert_or_assign(key, std::move(e));
}

entry const* entry_book::find(std::string const& item, std::string const& period) const
{
    auto const held = entries_.find({item, period});
    return held == entries_.end() ? nullptr : &held->second;
}

std::vector<entry const*> entry_book::of(std::string const& item) const
{
    std::vector<entry const*> all;
    for (auto at = entries_.lower_bound({item, ""}); at != entries_.end() && at->first.first == item; ++at)
        all.push_back(&at->second);
    return all;
}

std::vector<entry const*> entry_book::within(std::string const& period) const
{
    std::vector<entry const*> all;
    for (auto const& [key, e] : entries_)
        if (key.second.starts_with(period))
            all.push_back(&e);
    return all;
}

std::vector<entry> entry_book::changes(std::vector<entry> const& given, std::string const& file,
                                       config::defects& found) const
{
    std::vector<entry> fresh;
    auto grown = *this;
    for (auto e : given) {
        for (auto const* other : grown.of(e.item))
            if (other->period.size() != e.period.size() &&
                (other->period.starts_with(e.period) || e.period.starts_with(other->period))) {
                config::note(found,
                             {{file, 0, 0},
                              "period",
                              fmt::format("{} of {} and of {} would count twice", e.item, e.period, other->period),
                              fmt::format("leave {} out, or give all as {}s", e.period,
                                          other->period.size() == 4   ? "year"
                                          : other->period.size() == 7 ? "month"
                                                                      : "day")});
                break;
            }
        auto const* held = find(e.item, e.period);
        if (held != nullptr && same(*held, e))
            continue;
        e.revision = held == nullptr ? 0 : held->revision + 1;
        grown.add(e);
        fresh.push_back(std::move(e));
    }
    return fresh;
}

std::optional<entry> entry_book::total(std::string const& item, std::string const& period) const
{
    if (auto const* own = find(item, period))
        return *own;
    std::optional<entry> sum;
    for (auto const& part : parts_of(period)) {
        auto const t = total(item, part);
        if (!t || (sum && sum->unit != t->unit))
            return std::nullopt;
        if (!sum) {
            sum = t;
            sum->period = period;
            continue;
        }
        sum->value += t->value;
        if (sum->source.find(t->source) == std::string::npos)
            sum->source += "; " + t->source;
        if (sum->author.find(t->author) == std::string::npos)
            sum->author += "; " + t->author;
    }
    return sum;
}

} // namespace kilnwatt::entries
