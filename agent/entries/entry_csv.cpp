#include "agent/entries/entry_csv.hpp"

#include "core/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>

namespace kilnwatt::entries {
namespace {

struct field {
    std::string text;
    int column = 0;
};

/// One line of the table at a time; a quoted field may hold commas, quotes ("") and line breaks.
class lines {
public:
    explicit lines(std::string_view text) : text_{text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text} {}

    /// False at the end. `broken`: a quote is not closed.
    bool next(std::vector<field>& out, int& line, bool& broken)
    {
        out.clear();
        if (at_ >= text_.size())
            return false;
        line = ++line_;
        auto start = at_;
        for (;;) {
            field f;
            f.column = static_cast<int>(at_ - start) + 1;
            auto const quoted = at_ < text_.size() && text_[at_] == '"';
            if (quoted && !quoted_field(f.text)) {
                broken = true;
                return true;
            }
            while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n')
                f.text += text_[at_++];
            trim(f.text);
            out.push_back(std::move(f));
            if (at_ >= text_.size() || text_[at_++] == '\n')
                return true;
        }
    }

private:
    bool quoted_field(std::string& out)
    {
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] == '\n')
                ++line_;
            if (text_[at_] != '"')
                out += text_[at_];
            else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"')
                out += text_[at_++];
            else
                return ++at_, true;
        }
        return false;
    }

    static void trim(std::string& s)
    {
        constexpr auto blanks = " \t\r";
        s.erase(0, std::min(s.find_first_not_of(blanks), s.size()));
        s.erase(s.find_last_not_of(blanks) + 1);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    int line_ = 0;
};

constexpr std::array<std::string_view, 6> names{"period", "item", "value", "unit", "source", "author"};

std::string joined(std::vector<std::string_view> const& words)
{
    std::string all;
    for (auto const w : words)
        all += (all.empty() ? "" : ", ") + std::string{w};
    return all;
}

std::optional<double> number(std::string_view text)
{
    double v = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), v);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(v))
        return std::nullopt;
    return v;
}

/// Length of the UTF-8 sequence that begins here, 0 for bytes that are none.
std::size_t sequence_at(std::string_view text)
{
    auto const first = static_cast<unsigned char>(text.front());
    auto const length = first < 0x80 ? 1u : first >= 0xC2 && first < 0xE0 ? 2u : (first & 0xF0) == 0xE0 ? 3u : 4u;
    if (first >= 0xF5 || (first >= 0x80 && first < 0xC2) || text.size() < length)
        return 0;
    auto const rest = text.substr(1, length - 1);
    return std::all_of(rest.begin(), rest.end(), [](char c) { return (c & 0xC0) == 0x80; }) ? length : 0;
}

/// Spreadsheets of China save GBK unless they are told otherwise: its first bytes that are no UTF-8 are noted.
bool is_utf8(std::string_view text, std::string const& file, config::defects& found)
{
    config::place at{file, 1, 1};
    for (std::size_t i = 0; i < text.size();) {
        auto const n = sequence_at(text.substr(i));
        if (n == 0 || text[i] == '\0') {
            config::note(found, {at, "", "the file is not UTF-8", "save the table as 'CSV UTF-8 (comma delimited)'"});
            return false;
        }
        at = text[i] == '\n' ? config::place{file, at.line + 1, 1}
                             : config::place{file, at.line, at.column + static_cast<int>(n)};
        i += n;
    }
    return true;
}

/// Column of each name in the table's head; mistakes are noted.
std::map<std::string_view, std::size_t> head_of(std::vector<field> const& head, std::string const& file,
                                                bool author_given, config::defects& found)
{
    std::map<std::string_view, std::size_t> at;
    auto const is_name = [](field const& f) { return std::find(names.begin(), names.end(), f.text) != names.end(); };
    if (std::none_of(head.begin(), head.end(), is_name)) {
        auto const mark = head.front().text.find_first_of(";\t");
        config::note(found, mark == std::string::npos
                                ? config::defect{{file, 1, 1},
                                                 "",
                                                 "the first line does not name the columns",
                                                 "write period,item,value,unit,source,author above the numbers"}
                                : config::defect{{file, 1, static_cast<int>(mark) + 1},
                                                 "",
                                                 "the fields are not separated by commas",
                                                 "save the table as 'CSV UTF-8 (comma delimited)'"});
        return at;
    }
    for (std::size_t i = 0; i < head.size(); ++i) {
        auto const known = std::find(names.begin(), names.end(), head[i].text);
        if (known == names.end())
            config::note(found, {{file, 1, head[i].column},
                                 "",
                                 fmt::format("there is no column '{}'", head[i].text),
                                 "the columns are period,item,value,unit,source,author"});
        else if (!at.emplace(*known, i).second)
            config::note(found, {{file, 1, head[i].column},
                                 "",
                                 fmt::format("the column '{}' is there twice", *known),
                                 "leave one out"});
    }
    for (auto const n : names)
        if (!at.contains(n) && (n != "author" || !author_given))
            config::note(found, {{file, 1, 1},
                                 "",
                                 fmt::format("the column '{}' is missing", n),
                                 n == "author" ? "add it, or give --author" : "add it to the first line"});
    return at;
}

} // namespace

void check(entry& e, config::place at, config::defects& found)
{
    if (!is_period(e.period))
        config::note(found, {at, "period", fmt::format("'{}' is no date", e.period),
                             "write a day as 2020-03-15, a month as 2020-03, a year as 2020"});
    if (!is_item(e.item)) {
        auto const similar = nearest(e.item, item_names(), 1);
        config::note(found, {at, "item", fmt::format("there is no item '{}'", e.item),
                             similar.empty() ? "one of " + joined(item_names()) + ", or a metric like press_pump.e"
                                             : fmt::format("did you mean '{}'?", similar.front())});
        return;
    }
    auto const unit = unit_of(e.item, e.unit);
    if (!unit) {
        config::note(found, {at, "unit", fmt::format("'{}' is no unit of {}", e.unit, e.item),
                             "one of " + joined(units_for(e.item))});
        return;
    }
    auto const items = item_names();
    auto const is_amount = std::find(items.begin(), items.end(), e.item) != items.end();
    if (is_amount && e.value < 0)
        config::note(found, {at, "value", fmt::format("{} is below 0", e.value),
                             "give what was bought, made or paid; energy given away is no negative purchase"});
    e.value *= unit->factor;
    e.unit = unit->unit;
}

std::vector<entry> read_csv(std::string_view text, std::string const& file, std::string const& author,
                            config::defects& found)
{
    std::vector<entry> all;
    lines table{text};
    std::vector<field> fields;
    int line = 0;
    bool broken = false;
    if (!table.next(fields, line, broken)) {
        config::note(found, {{file, 1, 1}, "", "the file is empty", "the first line names the columns"});
        return all;
    }
    if (!is_utf8(text, file, found))
        return all;
    auto const at = head_of(fields, file, !author.empty(), found);
    if (!found.empty())
        return all;
    std::map<std::pair<std::string, std::string>, int> seen;
    while (table.next(fields, line, broken)) {
        if (broken) {
            config::note(found, {{file, line, 1}, "", "a quote is not closed", "close it; write \"\" for a quote"});
            break;
        }
        if (fields.size() == 1 && fields[0].text.empty())
            continue;
        auto const cell = [&](std::string_view name) {
            auto const i = at.find(name);
            return i != at.end() && i->second < fields.size() ? fields[i->second] : field{"", 1};
        };
        auto const place = [&](std::string_view name) { return config::place{file, line, cell(name).column}; };
        if (fields.size() > names.size())
            config::note(found, {{file, line, fields[names.size()].column},
                                 "",
                                 "the line has too many fields",
                                 "quote a text that holds a comma; write numbers without thousands separators"});
        auto const v = number(cell("value").text);
        entry e{cell("item").text, cell("unit").text,   cell("period").text,
                v.value_or(0),     cell("source").text, cell("author").text};
        if (e.author.empty())
            e.author = author;
        config::defects of_line;
        check(e, {}, of_line);
        if (!v)
            config::note(of_line, {{},
                                   "value",
                                   fmt::format("'{}' is no number", cell("value").text),
                                   "write it with a decimal point and nothing else, like 1234.5"});
        for (std::string_view const name : {"source", "author"})
            if ((name == "source" ? e.source : e.author).empty())
                config::note(of_line, {{},
                                       std::string{name},
                                       fmt::format("the {} is missing", name),
                                       name == "source" ? "say where the number comes from, like 'bill 2020-03'"
                                                        : "say who vouches for it, or give --author"});
        for (auto& d : of_line) {
            d.at = place(d.key);
            config::note(found, std::move(d));
        }
        if (auto const [first, fresh] = seen.emplace(std::pair{e.item, e.period}, line); !fresh)
            config::note(found, {place("period"), "period",
                                 fmt::format("{} of {} stands in line {} already", e.item, e.period, first->second),
                                 "leave one out"});
        all.push_back(std::move(e));
    }
    config::sort_by_place(found);
    return all;
}

} // namespace kilnwatt::entries
