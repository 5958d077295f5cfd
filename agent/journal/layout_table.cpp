#include "agent/journal/layout_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <optional>

namespace kilnwatt::journal {
namespace {

constexpr std::array<std::string_view, 5> kind_names{"i64", "u64", "f32", "f64", "text"};

void put_string(std::string& out, std::string_view s)
{
    out += '"';
    for (auto const c : s) {
        if (c == '"' || c == '\\')
            (out += '\\') += c;
        else if (static_cast<unsigned char>(c) < 0x20)
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
        else
            out += c;
    }
    out += '"';
}

void put_number(std::string& out, double v)
{
    if (std::isfinite(v))
        fmt::format_to(std::back_inserter(out), "{}", v);
    else
        out += "null";
}

void put_column(std::string& out, column const& c)
{
    out += "{\"name\":";
    put_string(out, c.name);
    out += ",\"unit\":";
    put_string(out, c.unit);
    out += ",\"kind\":";
    put_string(out, kind_names[static_cast<std::size_t>(c.kind)]);
    out += ",\"scale\":";
    put_number(out, c.scale);
    out += ",\"offset\":";
    put_number(out, c.offset);
    fmt::format_to(std::back_inserter(out), ",\"exponent\":{},\"counter\":{},\"states\":[", c.exponent_column,
                   c.counter);
    for (auto const& [number, name] : c.states) {
        fmt::format_to(std::back_inserter(out), "{}[{},", out.back() == '[' ? "" : ",", number);
        put_string(out, name);
        out += ']';
    }
    out += "]}";
}

template <class Names>
std::optional<std::size_t> index_of(Names const& names, std::string_view name)
{
    auto const found = std::find(std::begin(names), std::end(names), name);
    if (found == std::end(names))
        return std::nullopt;
    return static_cast<std::size_t>(found - std::begin(names));
}

std::optional<stream> stream_of(std::string_view name)
{
    for (int i = 0; i < stream_count; ++i)
        if (to_string(static_cast<stream>(i)) == name)
            return static_cast<stream>(i);
    return std::nullopt;
}

/// The number's own text, so that every digit counts: SQLite's conversion may lose the last one.
double number_of(std::string_view text)
{
    double v = 0;
    std::from_chars(text.data(), text.data() + text.size(), v);
    return v;
}

constexpr std::string_view head_sql = R"sql(
SELECT body ->> '$.device', body ->> '$.stream', body ->> '$.source' FROM layout
WHERE id = ? AND json_valid(body))sql";

constexpr std::string_view columns_sql = R"sql(
SELECT c.value ->> '$.name', c.value ->> '$.unit', c.value ->> '$.kind', c.value -> '$.scale', c.value -> '$.offset',
       c.value ->> '$.exponent', c.value ->> '$.counter'
FROM layout, json_each(layout.body, '$.columns') AS c WHERE layout.id = ? ORDER BY c.key)sql";

constexpr std::string_view states_sql = R"sql(
SELECT c.key, s.value ->> 0, s.value ->> 1
FROM layout, json_each(layout.body, '$.columns') AS c, json_each(c.value, '$.states') AS s
WHERE layout.id = ? ORDER BY c.key, s.key)sql";

} // namespace

std::string layout_body(layout const& l)
{
    std::string out = "{\"device\":";
    put_string(out, l.device);
    out += ",\"stream\":";
    put_string(out, to_string(l.kind));
    out += ",\"source\":";
    put_string(out, l.source);
    out += ",\"columns\":[";
    for (auto const& c : l.columns) {
        if (out.back() != '[')
            out += ',';
        put_column(out, c);
    }
    return out + "]}";
}

layout_ptr layout_table::load(std::uint32_t id)
{
    auto head = db_.prepare(head_sql);
    if (!head.bind(id).step())
        return nullptr;
    auto const kind = stream_of(head.text(1));
    if (!kind)
        return nullptr;
    auto l = std::make_shared<layout>(layout{head.text(0), *kind, head.text(2), {}});

    auto columns = db_.prepare(columns_sql);
    columns.bind(id);
    while (columns.step()) {
        auto const kind_index = index_of(kind_names, columns.text(2));
        if (!kind_index)
            return nullptr;
        l->columns.push_back({columns.text(0),
                              columns.text(1),
                              static_cast<value_kind>(*kind_index),
                              number_of(columns.text(3)),
                              number_of(columns.text(4)),
                              static_cast<int>(columns.integer(5)),
                              columns.integer(6) != 0,
                              {}});
    }
    auto states = db_.prepare(states_sql);
    states.bind(id);
    while (states.step())
        if (auto const c = static_cast<std::size_t>(states.integer(0)); c < l->columns.size())
            l->columns[c].states.emplace_back(states.integer(1), states.text(2));
    return l;
}

layout_ptr layout_table::find(std::uint32_t id)
{
    if (auto const known = by_id_.find(id); known != by_id_.end())
        return known->second;
    auto l = load(id);
    if (l) {
        by_id_.emplace(id, l);
        id_of_body_.emplace(layout_body(*l), id);
    }
    return l;
}

layout_table::entry layout_table::intern(layout_ptr const& l)
{
    auto body = layout_body(*l);
    if (auto const known = id_of_body_.find(body); known != id_of_body_.end())
        return {known->second, by_id_.at(known->second)};

    auto stored = db_.prepare("SELECT id FROM layout WHERE body = ?");
    if (stored.bind(body).step()) {
        auto const id = static_cast<std::uint32_t>(stored.integer(0));
        by_id_.emplace(id, l);
        id_of_body_.emplace(std::move(body), id);
        return {id, by_id_.at(id)};
    }
    db_.prepare("INSERT INTO layout(body) VALUES(?)").bind(body).run();
    auto const id = static_cast<std::uint32_t>(db_.integer("SELECT last_insert_rowid()"));
    by_id_.emplace(id, l);
    id_of_body_.emplace(body, id);
    added_.push_back(std::move(body));
    return {id, l};
}

void layout_table::rolled_back()
{
    for (auto const& body : added_) {
        auto const known = id_of_body_.find(body);
        by_id_.erase(known->second);
        id_of_body_.erase(known);
    }
    added_.clear();
}

} // namespace kilnwatt::journal
