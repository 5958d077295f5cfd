#include "agent/publish/record_payload.hpp"

#include "core/aggregate_columns.hpp"

#include <algorithm>

namespace kilnwatt::publish {
namespace {

/// Columns of one point or metric of an aggregate row, in the order of the layout.
struct group {
    std::string_view name;
    struct part {
        std::string_view key;
        std::size_t column;
    };
    std::vector<part> parts;
};

/// The part of a column's name that names the figure, for example ".mean"; KPI columns only have two kinds of them.
std::string_view suffix_of(std::string_view name, stream s)
{
    auto const dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0)
        return {};
    auto const suffix = name.substr(dot);
    auto const part = suffix == aggregate::coverage || suffix == aggregate::method || suffix == aggregate::partial ||
                      suffix == aggregate::at;
    return is_kpi(s) && !part ? std::string_view{} : suffix;
}

bool is_head(std::string_view name)
{
    return name == aggregate::start || name == aggregate::end || name == aggregate::revision;
}

std::vector<group> groups_of(layout const& l)
{
    std::vector<group> groups;
    for (std::size_t i = 0; i < l.columns.size(); ++i) {
        std::string_view const name = l.columns[i].name;
        if (is_head(name))
            continue;
        auto const suffix = suffix_of(name, l.kind);
        auto const base = name.substr(0, name.size() - suffix.size());
        auto const key = suffix.empty() ? std::string_view{"value"} : suffix.substr(1);
        auto at = std::find_if(groups.rbegin(), groups.rend(), [&](group const& g) { return g.name == base; });
        if (at == groups.rend()) {
            groups.push_back({base, {}});
            at = groups.rbegin();
        }
        at->parts.push_back({key, i});
    }
    return groups;
}

/// Does the quality of the point or metric stand on this figure?
bool bears_quality(std::string_view key)
{
    return key == "value" || key == aggregate::mean.substr(1) || key == aggregate::delta.substr(1);
}

void write_group(json_writer& out, group const& g, row const& r)
{
    out.key(g.name);
    out.begin_object();
    for (auto const& part : g.parts) {
        auto const* text = part.key == aggregate::method.substr(1) ? state_text(r, part.column) : nullptr;
        if (text)
            out.member(part.key, *text);
        else
            write_cell(out, part.key, r, part.column);
        if (part.key == "value" && !r.layout->columns[part.column].unit.empty())
            out.member("unit", r.layout->columns[part.column].unit);
    }
    for (auto const& part : g.parts)
        if (bears_quality(part.key)) {
            out.member("quality", to_string(published_quality(r, part.column)));
            break;
        }
    out.end_object();
}

/// The start, end or revision of an aggregate row; null when the row has none.
void write_head(json_writer& out, row const& r, std::string_view name)
{
    auto const& columns = r.layout->columns;
    auto const at = std::find_if(columns.begin(), columns.end(), [&](column const& c) { return c.name == name; });
    out.key(name);
    if (at == columns.end())
        out.null();
    else
        out.value(scaled(r, static_cast<std::size_t>(at - columns.begin())));
}

void write_aggregate(json_writer& out, row const& r, std::string_view members)
{
    auto const topic = to_string(r.layout->kind);
    write_head(out, r, aggregate::start);
    write_head(out, r, aggregate::end);
    out.member("period", topic.substr(topic.rfind('/') + 1));
    write_head(out, r, aggregate::revision);
    out.key(members);
    out.begin_object();
    for (auto const& g : groups_of(*r.layout))
        write_group(out, g, r);
    out.end_object();
}

void write_event(json_writer& out, row const& r)
{
    out.member("ts", r.time.utc);
    for (std::size_t i = 0; i < r.layout->columns.size(); ++i) {
        auto const* text = state_text(r, i);
        if (text)
            out.member(r.layout->columns[i].name, *text);
        else
            write_cell(out, r.layout->columns[i].name, r, i);
    }
}

void write_reading(json_writer& out, row const& r)
{
    std::vector<cell_at> cells;
    for (std::size_t i = 0; i < r.layout->columns.size(); ++i)
        if (!is_exponent(*r.layout, i))
            cells.push_back({&r, i});
    out.member("ts", r.time.utc);
    write_points(out, cells);
}

} // namespace

void write_points(json_writer& out, std::vector<cell_at> const& cells)
{
    bool all_good = true;
    for (auto const& [from, column] : cells) {
        write_cell(out, from->layout->columns[column].name, *from, column);
        all_good = all_good && published_quality(*from, column) == quality::good;
    }
    if (all_good)
        return;
    out.key("quality");
    out.begin_object();
    for (auto const& [from, column] : cells)
        if (auto const q = published_quality(*from, column); q != quality::good)
            out.member(from->layout->columns[column].name, to_string(q));
    out.end_object();
}

std::string record_payload(record const& r, std::string_view epoch, bool historical)
{
    json_writer out;
    out.begin_object();
    out.member("v", payload_version);
    out.member("epoch", epoch);
    out.member("seq", r.seq);
    if (historical)
        out.member("historical", true);
    if (r.kind() == stream::readings)
        write_reading(out, r.data);
    else if (r.kind() == stream::event)
        write_event(out, r.data);
    else
        write_aggregate(out, r.data, is_kpi(r.kind()) ? "metrics" : "points");
    out.end_object();
    return out.take();
}

} // namespace kilnwatt::publish
