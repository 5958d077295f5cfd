#include "agent/savings/baseline_json.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

namespace kilnwatt::savings {
namespace {

namespace json = boost::json;

/// Numbers are stored as their shortest text ("inf" for the t of an exact fit): Boost.JSON 1.81 may lose the last digit
/// of a number that it parses.
json::string real(double v)
{
    return json::string{fmt::format("{}", v)};
}

double real(json::value const& v)
{
    auto const& text = v.as_string();
    double number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size())
        throw std::range_error{"number"};
    return number;
}

std::string text(json::object const& o, char const* key)
{
    return json::value_to<std::string>(o.at(key));
}

} // namespace

std::string to_json(baseline const& b)
{
    json::array drivers, coefficients;
    for (auto const& d : b.drivers)
        drivers.push_back(
            {{"name", d.name}, {"unit", d.unit}, {"min", real(d.min)}, {"max", real(d.max)}, {"mean", real(d.mean)}});
    for (auto const& c : b.model.coefficients)
        coefficients.push_back(
            {{"value", real(c.value)}, {"standard_error", real(c.standard_error)}, {"t", real(c.t)}});
    auto const& m = b.model;
    return json::serialize(json::object{{"id", b.id},
                                        {"energy", b.energy},
                                        {"unit", b.unit},
                                        {"step", to_string(b.length)},
                                        {"first", b.first},
                                        {"last", b.last},
                                        {"drivers", std::move(drivers)},
                                        {"coefficients", std::move(coefficients)},
                                        {"points", m.points},
                                        {"mean", real(m.mean)},
                                        {"r2", real(m.r2)},
                                        {"cv_rmse", real(m.cv_rmse)},
                                        {"nmbe", real(m.nmbe)},
                                        {"lag_1", real(m.lag_1)},
                                        {"data_hash", b.data_hash},
                                        {"author", b.author},
                                        {"frozen", b.frozen}});
}

std::optional<baseline> baseline_from_json(std::string_view body)
{
    try {
        auto const all = json::parse({body.data(), body.size()});
        auto const& o = all.as_object();
        baseline b;
        b.id = text(o, "id");
        b.energy = text(o, "energy");
        b.unit = text(o, "unit");
        auto const length = step_from_string(text(o, "step"));
        if (!length)
            return std::nullopt;
        b.length = *length;
        b.first = text(o, "first");
        b.last = text(o, "last");
        for (auto const& v : o.at("drivers").as_array()) {
            auto const& d = v.as_object();
            b.drivers.push_back(
                {text(d, "name"), text(d, "unit"), real(d.at("min")), real(d.at("max")), real(d.at("mean"))});
        }
        auto& m = b.model;
        for (auto const& v : o.at("coefficients").as_array()) {
            auto const& c = v.as_object();
            m.coefficients.push_back({real(c.at("value")), real(c.at("standard_error")), real(c.at("t"))});
        }
        m.points = o.at("points").to_number<std::size_t>();
        m.mean = real(o.at("mean"));
        m.r2 = real(o.at("r2"));
        m.cv_rmse = real(o.at("cv_rmse"));
        m.nmbe = real(o.at("nmbe"));
        m.lag_1 = real(o.at("lag_1"));
        b.data_hash = text(o, "data_hash");
        b.author = text(o, "author");
        b.frozen = text(o, "frozen");
        if (m.coefficients.size() != b.drivers.size() + 1 || m.points <= m.coefficients.size())
            return std::nullopt;
        return b;
    } catch (std::exception const&) {
        return std::nullopt;
    }
}

} // namespace kilnwatt::savings
