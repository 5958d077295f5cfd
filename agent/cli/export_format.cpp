#include "agent/cli/export_format.hpp"

#include "agent/cli/time_argument.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <iterator>

namespace kilnwatt::cli {
namespace {

/// RFC 4180: quoted when it holds a comma, a quote or a line break.
std::string csv_field(std::string_view text)
{
    if (text.find_first_of(",\"\r\n") == std::string_view::npos)
        return std::string{text};
    std::string quoted{'"'};
    for (char const c : text) {
        if (c == '"')
            quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

struct as_text {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(std::int64_t v) const { return fmt::format("{}", v); }
    std::string operator()(std::uint64_t v) const { return fmt::format("{}", v); }
    std::string operator()(double v) const { return fmt::format("{}", v); }
    std::string operator()(std::string const& v) const { return v; }
};

struct as_json {
    std::string operator()(std::monostate) const { return "null"; }
    std::string operator()(std::string const& v) const { return boost::json::serialize(boost::json::string{v}); }
    template <class N>
    std::string operator()(N v) const
    {
        return as_text{}(v);
    }
};

std::string json_text(std::string_view text)
{
    return as_json{}(std::string{text});
}

} // namespace

std::string_view csv_header()
{
    return "time,device,stream,seq,point,value,unit,quality\n";
}

void append_record(record const& r, std::set<std::string> const& points, export_format format, std::string& out)
{
    auto const time = to_text(r.data.time.utc);
    for (std::size_t i = 0; i < r.data.cells.size(); ++i) {
        auto const& c = r.data.layout->columns[i];
        if (!points.empty() && !points.contains(c.name))
            continue;
        auto const v = scaled(r.data, i);
        auto const q = to_string(r.data.cells[i].q);
        if (format == export_format::csv)
            fmt::format_to(std::back_inserter(out), "{},{},{},{},{},{},{},{}\n", time, csv_field(r.device()),
                           to_string(r.kind()), r.seq, csv_field(c.name), csv_field(std::visit(as_text{}, v)), c.unit,
                           q);
        else
            fmt::format_to(
                std::back_inserter(out),
                R"({{"time":"{}","device":{},"stream":"{}","seq":{},"point":{},"value":{},"unit":{},"quality":"{}"}})"
                "\n",
                time, json_text(r.device()), to_string(r.kind()), r.seq, json_text(c.name), std::visit(as_json{}, v),
                json_text(c.unit), q);
    }
}

} // namespace kilnwatt::cli
