#include "agent/meter/profile_match.hpp"

#include "core/row.hpp"
#include "drivers/decode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <memory>

namespace kilnwatt::meter {
namespace {

constexpr std::size_t witnesses_max = 8;
constexpr double by_plausibility_max = 0.85;
constexpr double by_name = 0.97;
constexpr double medium_voltage_max = 40'500; ///< V; behind voltage transformers: neither for nor against
constexpr std::size_t word_min = 3;           ///< letters of a model's name that chance does not bring

/// A quantity whose size is known before it is read.
struct expectation {
    std::string_view point;
    double from, to;
    double weight; ///< how much a right value says
};

constexpr std::array expectations{
    expectation{"frequency", 45, 65, 3.0},
    expectation{"voltage_l1", 80, 300, 1.5},
    expectation{"voltage_l2", 80, 300, 1.5},
    expectation{"voltage_l3", 80, 300, 1.5},
    expectation{"voltage_l1_l2", 150, 520, 1.5},
    expectation{"power_factor", -1, 1, 0.5},
    expectation{"dc_voltage", 50, 1500, 1.0},
    expectation{"supply_temperature", 1, 180, 1.0},
    expectation{"return_temperature", 1, 180, 1.0},
    expectation{"process_temperature", -30, 1700, 0.5},
    expectation{"internal_temperature", -30, 110, 0.5},
};

bool is_identity(std::string_view name)
{
    return name == "model" || name == "manufacturer";
}

expectation const* expected(std::string_view point)
{
    auto const at =
        std::find_if(expectations.begin(), expectations.end(), [&](expectation const& e) { return e.point == point; });
    return at == expectations.end() ? nullptr : at;
}

std::string lower(std::string_view text)
{
    std::string out{text};
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

/// True when a word of the profile's models stands in what the device says of itself.
bool names_the_model(drivers::profile const& p, std::string const& said)
{
    auto const text = lower(said);
    for (auto const& model : p.models) {
        auto const known = lower(model);
        for (std::size_t at = 0; at < known.size();) {
            auto const end = std::min(known.find_first_of(" -/,", at), known.size());
            if (end - at >= word_min && text.find(known.substr(at, end - at)) != std::string::npos)
                return true;
            at = end + 1;
        }
    }
    return false;
}

value value_of(drivers::point const& p, std::span<std::uint16_t const> words)
{
    row r;
    auto meaning = std::make_shared<layout>();
    meaning->columns.push_back(drivers::column_of(p));
    r.cells.push_back(drivers::decode(p, words, r.texts));
    r.layout = std::move(meaning);
    return scaled(r, 0);
}

} // namespace

void register_book::answered(drivers::read_range const& r, std::span<std::uint16_t const> words)
{
    for (std::size_t i = 0; i < r.count && i < words.size(); ++i)
        known_[{r.from, static_cast<std::uint32_t>(r.address + i)}] = words[i];
}

void register_book::refused(drivers::read_range const& r)
{
    refused_.push_back(r);
}

bool register_book::knows(drivers::read_range const& r) const
{
    return std::find(refused_.begin(), refused_.end(), r) != refused_.end() || words(r);
}

std::optional<std::vector<std::uint16_t>> register_book::words(drivers::read_range const& r) const
{
    std::vector<std::uint16_t> found;
    for (std::size_t i = 0; i < r.count; ++i) {
        auto const at = known_.find({r.from, static_cast<std::uint32_t>(r.address + i)});
        if (at == known_.end())
            return std::nullopt;
        found.push_back(at->second);
    }
    return found;
}

std::vector<drivers::point> witnesses_of(drivers::profile const& p)
{
    std::vector<drivers::point> found;
    auto const take = [&](auto wanted) {
        for (auto const& q : p.points)
            if (found.size() < witnesses_max && q.exponent.empty() && wanted(q) &&
                std::find(found.begin(), found.end(), q) == found.end())
                found.push_back(q);
    };
    take([](drivers::point const& q) { return is_identity(q.name); });
    take([](drivers::point const& q) { return expected(q.name) != nullptr; });
    if (found.empty()) // nothing whose size is known: at least the points must be there
        take([](drivers::point const& q) { return q.type != drivers::point_type::bit; });
    return found;
}

profile_fit judge(drivers::profile const& p, register_book const& book)
{
    profile_fit fit{p.id, 0, {}};
    auto const witnesses = witnesses_of(p);
    double weight = 0;
    double gained = 0;
    std::size_t there = 0;
    auto const say = [&](std::string const& text) { fit.reason += (fit.reason.empty() ? "" : ", ") + text; };
    for (auto const& q : witnesses) {
        auto const words = book.words(drivers::range_of(q));
        auto const* e = expected(q.name);
        auto const w = e != nullptr ? e->weight : 1.0;
        weight += w;
        if (!words) {
            gained -= w;
            continue;
        }
        ++there;
        auto const v = value_of(q, *words);
        if (auto const* text = std::get_if<std::string>(&v); text != nullptr && is_identity(q.name)) {
            if (names_the_model(p, *text))
                return {p.id, by_name, fmt::format("it says of itself \"{}\"", *text)};
            gained -= w;
            continue;
        }
        auto const number = as_number(v);
        if (e == nullptr || std::isnan(number))
            continue; // present: neither for nor against
        if (q.unit == "V" && number > e->to && number < medium_voltage_max) {
            weight -= w;
            continue;
        }
        auto const fits = number >= e->from && number <= e->to;
        gained += fits ? w : -w;
        if (fits)
            say(fmt::format("{} {:.4g} {}", q.name, number, q.unit));
    }
    if (weight > 0)
        fit.confidence = std::clamp(gained / (weight + 2.0) * by_plausibility_max * 1.25, 0.0, by_plausibility_max);
    if (fit.reason.empty())
        fit.reason = fmt::format("{} of {} points asked for are there", there, witnesses.size());
    return fit;
}

std::vector<profile_fit> best_fits(std::span<drivers::profile const> profiles, register_book const& book,
                                   std::size_t most, double least)
{
    std::vector<profile_fit> fits;
    for (auto const& p : profiles)
        if (auto fit = judge(p, book); !p.sunspec && fit.confidence >= least)
            fits.push_back(std::move(fit));
    std::stable_sort(fits.begin(), fits.end(),
                     [](profile_fit const& a, profile_fit const& b) { return a.confidence > b.confidence; });
    if (fits.size() > most)
        fits.resize(most);
    return fits;
}

} // namespace kilnwatt::meter
