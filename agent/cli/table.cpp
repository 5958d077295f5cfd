#include "agent/cli/table.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ostream>

namespace kilnwatt::cli {
namespace {

namespace json = boost::json;

struct as_text {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(std::int64_t v) const { return fmt::format("{}", v); }
    std::string operator()(std::uint64_t v) const { return fmt::format("{}", v); }
    std::string operator()(double v) const { return fmt::format("{:.9g}", v); }
    std::string operator()(std::string const& v) const { return v; }
};

struct as_json {
    json::value operator()(std::monostate) const { return nullptr; }
    json::value operator()(double v) const { return std::isfinite(v) ? json::value(v) : json::value(nullptr); }
    json::value operator()(std::string const& v) const { return json::value(json::string(v)); }
    template <class N>
    json::value operator()(N v) const
    {
        return json::value(v);
    }
};

/// Characters that would break a line or a column, and anything else a device may send, become spaces.
std::string one_line(std::string text)
{
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; }, ' ');
    return text;
}

std::size_t width_of(std::string const& text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

} // namespace

std::string to_text(value const& v)
{
    return one_line(std::visit(as_text{}, v));
}

void table::add(std::vector<value> row)
{
    row.resize(columns_.size());
    rows_.push_back(std::move(row));
}

void table::print(streams io, bool as_json_lines) const
{
    if (as_json_lines) {
        print_json(io.out);
    } else if (io.out_is_terminal) {
        for (auto const& line : lines(io.colour))
            io.out << line << '\n';
    } else {
        print_heading(io.out);
        print_pipe(io.out);
    }
}

void table::print_more(streams io, bool as_json_lines)
{
    auto const first = widths_.empty();
    widths_.resize(columns_.size());
    if (as_json_lines) {
        print_json(io.out);
    } else if (io.out_is_terminal) {
        auto const all = lines(io.colour, widths_);
        for (std::size_t i = first ? 0 : 1; i < all.size(); ++i)
            io.out << all[i] << '\n';
    } else {
        if (first)
            print_heading(io.out);
        print_pipe(io.out);
    }
    io.out.flush();
    rows_.clear();
}

std::vector<std::string> table::lines(bool colour) const
{
    std::vector<std::size_t> widths(columns_.size());
    return lines(colour, widths);
}

std::vector<std::string> table::lines(bool colour, std::vector<std::size_t>& widths) const
{
    std::vector<std::vector<std::string>> shown(1);
    for (auto const& c : columns_)
        shown.front().push_back(c.name);
    for (auto const& r : rows_) {
        auto& line = shown.emplace_back();
        for (auto const& v : r) {
            auto text = to_text(v);
            line.push_back(text.empty() ? "-" : std::move(text));
        }
    }
    for (auto const& line : shown)
        for (std::size_t c = 0; c < line.size(); ++c)
            widths[c] = std::max(widths[c], width_of(line[c]));
    std::vector<std::string> out;
    for (auto const& line : shown) {
        std::string text;
        for (std::size_t c = 0; c < line.size(); ++c) {
            std::string const gap(widths[c] - width_of(line[c]), ' ');
            text += columns_[c].right ? gap + line[c] : line[c] + gap;
            text += "  ";
        }
        text.erase(text.find_last_not_of(' ') + 1);
        out.push_back(colour && out.empty() ? "\x1b[1m" + text + "\x1b[0m" : text);
    }
    return out;
}

void table::print_heading(std::ostream& out) const
{
    for (std::size_t c = 0; c < columns_.size(); ++c)
        out << (c == 0 ? "" : "\t") << columns_[c].name;
    out << '\n';
}

void table::print_pipe(std::ostream& out) const
{
    for (auto const& r : rows_) {
        for (std::size_t c = 0; c < r.size(); ++c)
            out << (c == 0 ? "" : "\t") << to_text(r[c]);
        out << '\n';
    }
}

void table::print_csv(std::ostream& out) const
{
    auto const quoted = [](std::string text) {
        if (text.find_first_of(",\"") == std::string::npos)
            return text;
        for (auto at = text.find('"'); at != std::string::npos; at = text.find('"', at + 2))
            text.insert(at, 1, '"');
        return '"' + text + '"';
    };
    for (std::size_t c = 0; c < columns_.size(); ++c)
        out << (c == 0 ? "" : ",") << quoted(columns_[c].name);
    out << "\r\n";
    for (auto const& r : rows_) {
        for (std::size_t c = 0; c < r.size(); ++c)
            out << (c == 0 ? "" : ",") << quoted(to_text(r[c]));
        out << "\r\n";
    }
}

void table::print_json(std::ostream& out) const
{
    for (auto const& r : rows_) {
        json::object o;
        for (std::size_t c = 0; c < r.size(); ++c)
            o[columns_[c].name] = std::visit(as_json{}, r[c]);
        out << json::serialize(o) << '\n';
    }
}

} // namespace kilnwatt::cli
