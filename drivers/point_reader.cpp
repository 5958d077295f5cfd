#include "core/point_names.hpp"
#include "core/units.hpp"
#include "drivers/decode.hpp"
#include "drivers/point_list.hpp"
#include "drivers/point_write.hpp"
#include "drivers/profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

namespace kilnwatt::drivers {
namespace {

constexpr std::array<std::string_view, point_types> type_names{
    "bit", "u8",  "i8",    "u16",   "i16",   "u32",  "i32",        "u64",        "i64",       "f16",
    "f32", "f64", "bcd16", "bcd32", "bcd64", "text", "datetime_3", "datetime_4", "datetime_6"};
constexpr std::array<std::string_view, 4> order_names{"abcd", "cdab", "badc", "dcba"};
constexpr std::array<std::string_view, 4> table_names{"coil", "discrete", "holding", "input"}; ///< function codes 1..4
constexpr std::int64_t address_max = 0xFFFF;

/// The index of the chosen word; `otherwise` when the key is absent or wrong.
template <std::size_t N>
std::size_t choice_index(config::table& t, std::string_view key, std::array<std::string_view, N> const& words,
                         std::size_t otherwise)
{
    auto const word = t.choice(key, {words.begin(), words.end()});
    if (!word)
        return otherwise;
    return static_cast<std::size_t>(std::find(words.begin(), words.end(), *word) - words.begin());
}

bool is_bit_table(modbus::table t) noexcept
{
    return t == modbus::table::coils || t == modbus::table::discrete_inputs;
}

bool is_unsigned(point_type t) noexcept
{
    return t == point_type::u8 || t == point_type::u16 || t == point_type::u32 || t == point_type::u64;
}

/// 100.00000000000001 kWh and the like come from the product of decimal scales, not from the manual.
double without_noise(double scale)
{
    auto const whole = std::round(scale);
    return std::abs(scale - whole) < 1e-9 * std::abs(scale) ? whole : scale;
}

void read_name(config::table& t, point& p)
{
    if (!t.require("name", "a name of the vocabulary, or vendor.<name>"))
        return;
    p.name = t.text("name").value_or("");
    if (p.name.empty() || point_meaning_of(p.name) || is_vendor_name(p.name))
        return;
    auto const near = similar_point_names(p.name);
    t.complain("name", fmt::format("'{}' is no point name", p.name),
               near.empty()
                   ? "use a name of the vocabulary, or vendor.<lower_case>"
                   : fmt::format("did you mean '{}'? A point of your own is called vendor.<lower_case>", near.front()));
}

void read_type(config::table& t, point& p)
{
    p.table = static_cast<modbus::table>(choice_index(t, "table", table_names, 2) + 1);
    auto const in_bits = is_bit_table(p.table);
    if (!in_bits)
        t.require("type", "for example \"u16\", \"i32\" or \"f32\"");
    p.type = static_cast<point_type>(choice_index(t, "type", type_names, in_bits ? 0 : 3));
    if (in_bits != (p.type == point_type::bit))
        t.complain("type", in_bits ? "a coil or discrete input is one bit" : "a register has no type bit",
                   in_bits ? "leave the type out" : "use u16 with a mask, for example mask = 0x0001");
    p.order = static_cast<byte_order>(choice_index(t, "order", order_names, 0));

    p.registers = registers_of(p.type);
    if (p.type == point_type::text) {
        t.require("length", "the number of registers of the text");
        p.registers = static_cast<std::uint16_t>(t.integer("length", 1, text_registers_max).value_or(1));
    } else if (t.has("length")) {
        t.integer("length");
        t.complain("length", "only a string has a length", "leave it out");
    }
    t.require("address", "the number on the wire, from 0");
    p.address = static_cast<std::uint16_t>(t.integer("address", 0, address_max).value_or(0));
    if (p.address + p.registers > address_max + 1)
        t.complain("address", fmt::format("{} registers from {} go beyond address 65535", p.registers, p.address));
}

void read_scale(config::table& t, point& p, std::optional<point_meaning> meaning)
{
    auto const scale = t.number("scale").value_or(1.0);
    auto const offset = t.number("offset").value_or(0.0);
    if (scale == 0.0)
        t.complain("scale", "a scale of 0 makes every value 0");
    unit_conversion to{1.0, 0.0, meaning ? meaning->unit : std::string_view{}};
    auto const unit = t.text("unit");
    if (!unit && meaning && !meaning->unit.empty() && !t.has("unit"))
        t.complain("unit", "is missing", fmt::format("the unit of the manual, one that converts to {}", meaning->unit));
    p.unit = to.canonical;
    if (unit) {
        auto const known = canonical_unit(*unit);
        if (known)
            to = *known;
        else if (meaning)
            t.complain("unit", fmt::format("'{}' is no unit we know", *unit),
                       fmt::format("{} is measured in {}", p.name, meaning->unit));
        if (known && meaning && to.canonical != meaning->unit)
            t.complain("unit", fmt::format("'{}' does not fit {}", *unit, p.name),
                       fmt::format("use a unit that converts to '{}'", meaning->unit));
        p.unit = known ? std::string{to.canonical} : *unit;
    }
    auto const sign = t.boolean("invert").value_or(false) ? -1.0 : 1.0;
    p.scale = sign * without_noise(scale * to.factor);
    p.offset = sign * (offset * to.factor + to.offset);
}

void read_poll(config::table& t, point& p, std::optional<point_meaning> meaning)
{
    auto const is_counter = meaning && meaning->kind == point_kind::counter;
    p.counter = t.boolean("counter").value_or(is_counter);
    if (meaning && p.counter != is_counter)
        t.complain("counter", fmt::format("{} is {} counter", p.name, is_counter ? "always a" : "no"),
                   "leave the key out, or use another name");
    auto usual = p.counter ? poll_class::counters : poll_class::normal;
    if (is_text(p.type))
        usual = poll_class::slow;
    p.poll = static_cast<poll_class>(choice_index(t, "poll", poll_class_names, static_cast<std::size_t>(usual)));
}

using sentinels_by_type = std::array<std::vector<std::uint64_t>, type_names.size()>;

/// Patterns of a type, negative ones in two's complement.
std::vector<std::uint64_t> read_sentinels(config::table& t, std::string_view key, point_type type)
{
    auto const width = bits_of(type);
    auto const is_narrow = width > 0 && width < 64;
    std::vector<std::uint64_t> patterns;
    for (auto const s : t.integers(key).value_or(std::vector<std::int64_t>{})) {
        if (is_narrow && (s < -(std::int64_t{1} << (width - 1)) || s >= std::int64_t{1} << width))
            t.complain(key, fmt::format("{:#x} does not fit into {} bits", s, width));
        auto const used = is_narrow ? (std::uint64_t{1} << width) - 1 : ~std::uint64_t{0};
        patterns.push_back(static_cast<std::uint64_t>(s) & used);
    }
    return patterns;
}

/// What the owner says of all its points of a type: sentinels = {u16 = 0xFFFF, i32 = [0x7FFFFFFF, -1]}.
sentinels_by_type read_usual_sentinels(config::table& owner)
{
    sentinels_by_type usual;
    auto t = owner.child("sentinels");
    if (!t)
        return usual;
    for (std::size_t i = 0; i < type_names.size(); ++i)
        if (auto const type = static_cast<point_type>(i); !is_text(type) && t->has(type_names[i]))
            usual[i] = read_sentinels(*t, type_names[i], type);
    t->refuse_unknown();
    return usual;
}

void read_patterns(config::table& t, point& p)
{
    auto const width = bits_of(p.type);
    if (auto const mask = t.integer("mask", 1)) {
        p.mask = static_cast<std::uint64_t>(*mask);
        if (!is_unsigned(p.type))
            t.complain("mask", "only u8, u16, u32 and u64 have a mask");
        else if (width < 64 && p.mask >> width != 0)
            t.complain("mask", fmt::format("{:#x} has bits that a {} lacks", p.mask, to_string(p.type)),
                       "for example 0x0F00 for the bits 8 to 11");
    }
    if (!t.has("sentinels"))
        return;
    if (width == 0)
        t.complain("sentinels", "an empty text needs no sentinel", "leave them out");
    p.sentinels = read_sentinels(t, "sentinels", p.type);
}

/// The number a state's key writes: decimal or 0x.
std::optional<std::int64_t> state_number(std::string_view key)
{
    auto const hex = key.starts_with("0x") || key.starts_with("0X");
    auto const digits = hex ? key.substr(2) : key;
    std::int64_t number = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, hex ? 16 : 10);
    if (error != std::errc{} || end != digits.data() + digits.size())
        return std::nullopt;
    return number;
}

void read_states(config::table& t, point& p)
{
    auto states = t.child("states");
    if (!states)
        return;
    if (!is_whole(p.type))
        t.complain("states", "only a whole number has states");
    for (auto const& key : states->keys()) {
        auto const number = state_number(key);
        auto const word = states->text(key);
        if (!number)
            states->complain(key, fmt::format("'{}' is no number", key), "write states = {0 = \"off\", 1 = \"on\"}");
        else if (word)
            p.states.emplace_back(*number, *word);
    }
}

/// map = {2 = -3, 3 = 0}: what a code stands for.
void read_map(config::table& t, point& p)
{
    auto codes = t.child("map");
    if (!codes)
        return;
    if (!is_whole(p.type))
        t.complain("map", "only a whole number has a map");
    if (!p.states.empty())
        t.complain("map", fmt::format("{} has states and a map", p.name), "name what the numbers mean in one of them");
    for (auto const& key : codes->keys()) {
        auto const code = state_number(key);
        auto const meant = codes->integer(key);
        if (!code)
            codes->complain(key, fmt::format("'{}' is no number", key), "write map = {2 = -3, 3 = 0}");
        else if (meant)
            p.map.emplace_back(*code, *meant);
    }
    if (codes->keys().empty())
        t.complain("map", "is empty", "for example map = {2 = -3, 3 = 0}");
}

void read_range(config::table& t, std::string_view key, std::optional<double>& min, std::optional<double>& max)
{
    auto range = t.child(key);
    if (!range)
        return;
    min = range->number("min");
    max = range->number("max");
    if (!range->has("min") && !range->has("max"))
        t.complain(key, "has neither min nor max", "for example {min = 0, max = 345}");
    else if (min && max && *min >= *max)
        t.complain(key, fmt::format("holds nothing: min {} is not below max {}", *min, *max));
    range->refuse_unknown();
}

void read_limits(config::table& t, point& p)
{
    auto& l = p.limits;
    read_range(t, "physical", l.physical_min, l.physical_max);
    read_range(t, "engineering", l.engineering_min, l.engineering_max);
    l.max_rate = t.number("max_rate");
    if (l.max_rate && *l.max_rate <= 0.0)
        t.complain("max_rate", "must be above 0", "the largest change a second");
    if (l.any() && (is_text(p.type) || p.counter))
        t.complain("name", fmt::format("{} has limits, but is a {}", p.name, p.counter ? "counter" : "text"),
                   "leave physical, engineering and max_rate out");
}

point read_point(config::table& t, sentinels_by_type const& usual)
{
    point p;
    read_name(t, p);
    read_type(t, p);
    p.sentinels = usual[static_cast<std::size_t>(p.type)];
    auto const meaning = point_meaning_of(p.name);
    if (meaning && (meaning->kind == point_kind::text) != is_text(p.type))
        t.complain("type", fmt::format("{} is {} text", p.name, is_text(p.type) ? "no" : "a"));
    read_scale(t, p, meaning);
    read_poll(t, p, meaning);
    read_patterns(t, p);
    read_states(t, p);
    read_map(t, p);
    read_limits(t, p);
    p.stuck = read_stuck(t, p.counter);
    if (p.stuck && is_text(p.type))
        t.complain("stuck", fmt::format("{} is a text", p.name), "leave it out");
    p.accumulator = t.boolean("accumulator").value_or(false);
    p.exponent = t.text("exponent").value_or("");
    p.writable = read_writable(t);
    if (auto const why = why_never_written(p); p.writable && !why.empty())
        t.complain("writable", fmt::format("{} cannot be opened: {}", p.name, why), "leave it out");
    p.ref = t.text("ref").value_or("");
    p.source = t.text("source").value_or("");
    t.refuse_unknown();
    return p;
}

} // namespace

std::optional<stuck_rule> read_stuck(config::table& t, bool counter)
{
    using namespace std::chrono_literals;
    auto stuck = t.child("stuck");
    if (!stuck)
        return std::nullopt;
    stuck_rule r;
    stuck->require("while", "the point that says when this one must move");
    r.companion = stuck->text("while").value_or("");
    r.above = stuck->number("above", 0.0, 1e12).value_or(0.0);
    r.after = stuck->duration("after", 1min, 24h).value_or(counter ? 1h : 30min);
    stuck->refuse_unknown();
    return r;
}

std::string_view to_string(point_type t) noexcept
{
    return type_names[static_cast<std::size_t>(t)];
}

bool is_text(point_type t) noexcept
{
    return t >= point_type::text;
}

std::string_view to_string(byte_order o) noexcept
{
    return order_names[static_cast<std::size_t>(o)];
}

std::string_view to_string(modbus::table t) noexcept
{
    return table_names[static_cast<std::size_t>(t) - 1];
}

std::optional<write_bounds> read_writable(config::table& t)
{
    auto bounds = t.child("writable");
    if (!bounds)
        return std::nullopt;
    constexpr auto remedy = "for example writable = {min = 0, max = 50}";
    auto const both = bounds->require("min", remedy) && bounds->require("max", remedy);
    auto const min = bounds->number("min");
    auto const max = bounds->number("max");
    bounds->refuse_unknown();
    if (!both || !min || !max)
        return std::nullopt;
    if (*min > *max)
        t.complain("writable", fmt::format("holds nothing: min {} is above max {}", *min, *max));
    return write_bounds{*min, *max};
}

std::vector<point> read_points(config::table& owner, std::string_view key, std::string_view shared)
{
    auto tables = owner.children(key);
    if (!shared.empty())
        for (auto& t : owner.children(shared))
            tables.push_back(std::move(t));
    if (tables.size() > points_max) {
        owner.complain(key, fmt::format("{} points are too many", tables.size()),
                       fmt::format("at most {}", points_max));
        return {};
    }
    auto const usual = read_usual_sentinels(owner);
    std::vector<point> points;
    points.reserve(tables.size());
    for (auto& t : tables)
        points.push_back(read_point(t, usual));
    check_point_list(points, tables);
    return points;
}

} // namespace kilnwatt::drivers
