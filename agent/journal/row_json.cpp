#include "agent/journal/row_json.hpp"

#include "agent/journal/row_encoder.hpp"

#include <boost/json.hpp>

#include <bit>

namespace kilnwatt::journal {
namespace {

namespace json = boost::json;

json::array states_of(column const& c)
{
    json::array all;
    for (auto const& [number, name] : c.states)
        all.push_back(json::array{number, name});
    return all;
}

json::object column_object(column const& c)
{
    return {{"name", c.name},
            {"unit", c.unit},
            {"kind", static_cast<int>(c.kind)},
            {"scale", std::bit_cast<std::uint64_t>(c.scale)},
            {"offset", std::bit_cast<std::uint64_t>(c.offset)},
            {"exponent", c.exponent_column},
            {"counter", c.counter},
            {"states", states_of(c)}};
}

std::string text_of(json::object const& o, char const* key)
{
    return json::value_to<std::string>(o.at(key));
}

column column_from(json::object const& o)
{
    column c;
    c.name = text_of(o, "name");
    c.unit = text_of(o, "unit");
    auto const kind = o.at("kind").to_number<std::uint8_t>();
    if (kind > static_cast<std::uint8_t>(value_kind::text))
        throw std::range_error{"kind"};
    c.kind = static_cast<value_kind>(kind);
    c.scale = std::bit_cast<double>(o.at("scale").to_number<std::uint64_t>());
    c.offset = std::bit_cast<double>(o.at("offset").to_number<std::uint64_t>());
    c.exponent_column = o.at("exponent").to_number<int>();
    c.counter = o.at("counter").as_bool();
    for (auto const& s : o.at("states").as_array())
        c.states.emplace_back(s.as_array().at(0).to_number<std::int64_t>(),
                              json::value_to<std::string>(s.as_array().at(1)));
    return c;
}

row row_from(json::object const& o)
{
    auto const& l = o.at("layout").as_object();
    auto const kind = l.at("stream").to_number<int>();
    if (kind < 0 || kind >= stream_count)
        throw std::range_error{"stream"};
    layout meaning{text_of(l, "device"), static_cast<stream>(kind), text_of(l, "source"), {}};
    for (auto const& c : l.at("columns").as_array())
        meaning.columns.push_back(column_from(c.as_object()));
    row r;
    r.layout = std::make_shared<layout const>(std::move(meaning));
    r.time.utc = utc_time{milliseconds{o.at("utc").to_number<std::int64_t>()}};
    for (auto const& c : o.at("cells").as_array()) {
        auto const& parts = c.as_array();
        cell x{parts.at(0).to_number<std::uint64_t>(), static_cast<quality>(parts.at(1).to_number<std::uint8_t>()),
               parts.at(2).as_bool()};
        if (!is_known(x.q))
            throw std::range_error{"quality"};
        r.cells.push_back(x);
    }
    for (auto const& t : o.at("texts").as_array())
        r.texts.push_back(json::value_to<std::string>(t));
    return r;
}

} // namespace

std::string to_json(row const& r)
{
    json::array columns, cells, texts;
    for (auto const& c : r.layout->columns)
        columns.push_back(column_object(c));
    for (auto const& c : r.cells)
        cells.push_back(json::array{c.bits, static_cast<int>(c.q), c.present});
    for (auto const& t : r.texts)
        texts.push_back(json::string{t});
    return json::serialize(json::object{{"utc", r.time.utc.time_since_epoch().count()},
                                        {"layout",
                                         {{"device", r.layout->device},
                                          {"stream", static_cast<int>(r.layout->kind)},
                                          {"source", r.layout->source},
                                          {"columns", std::move(columns)}}},
                                        {"cells", std::move(cells)},
                                        {"texts", std::move(texts)}});
}

std::optional<row> row_from_json(std::string_view text)
{
    try {
        auto r = row_from(json::parse({text.data(), text.size()}).as_object());
        return fits(r) ? std::optional{std::move(r)} : std::nullopt;
    } catch (std::exception const&) {
        return std::nullopt;
    }
}

} // namespace kilnwatt::journal
