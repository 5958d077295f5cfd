#include "agent/meter/interpretation.hpp"

#include "drivers/decode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

namespace kilnwatt::meter {
namespace {

using drivers::byte_order;
using drivers::point_type;

constexpr std::array types{point_type::u16, point_type::i16, point_type::f16, point_type::bcd16,
                           point_type::u32, point_type::i32, point_type::f32, point_type::bcd32,
                           point_type::u64, point_type::i64, point_type::f64, point_type::bcd64};
constexpr std::array clocks{point_type::datetime_3, point_type::datetime_4, point_type::datetime_6};
constexpr std::array orders{byte_order::abcd, byte_order::cdab, byte_order::badc, byte_order::dcba};
constexpr std::size_t text_min = 4; ///< characters that chance does not bring

struct familiar {
    double from, to;
    std::string_view what;
    std::string_view unit;
};

/// What a meter in a plant usually shows.
constexpr std::array figures{
    familiar{45, 65, "a mains frequency", "Hz"},
    familiar{100, 140, "a phase voltage of 120 V mains", "V"},
    familiar{200, 260, "a phase voltage of 230 V mains", "V"},
    familiar{360, 440, "a line voltage of 400 V mains", "V"},
};

familiar const* known_figure(double v)
{
    auto const at =
        std::find_if(figures.begin(), figures.end(), [v](familiar const& f) { return v >= f.from && v <= f.to; });
    return at == figures.end() ? nullptr : at;
}

void judge_real(interpretation& i, double v)
{
    auto const size = std::abs(v);
    if (auto const* f = known_figure(v)) {
        i.plausible = true;
        i.why = fmt::format("{} in {}", f->what, f->unit);
    } else if (size > 0.1 && size <= 1.0) {
        i.plausible = true;
        i.why = "an ordinary fraction: a power factor, or a value in k units";
    } else if (size > 1e-3 && size < 1e9 && i.type != point_type::f16) {
        i.plausible = true;
        i.why = "an ordinary number; chance rarely makes one";
    } else if (size != 0) {
        i.why = "out of the range of measured values";
    }
}

void judge_whole(interpretation& i, double v)
{
    for (auto const by : {100.0, 10.0, 1000.0})
        if (auto const* f = known_figure(v / by); f != nullptr && v > 0) {
            i.plausible = true;
            i.why = fmt::format("{}: {:g} {} with scale {:g}", f->what, v / by, f->unit, 1 / by);
            return;
        }
    auto const width = drivers::bits_of(i.type);
    if (auto const* f = known_figure(v); f != nullptr && width == 16) {
        i.plausible = true;
        i.why = fmt::format("{} in {}", f->what, f->unit);
    } else if (width > 16 && v != 0 && std::fmod(std::abs(v), 65536.0) == 0) {
        i.why = "its low word is empty: the other word order gives a small number";
    } else if (width > 16 && std::abs(v) > 65535 && std::abs(v) < 1e8) {
        i.plausible = true;
        i.why = "a number of usual size for a counter or a power";
    } else if (width > 16 && std::abs(v) >= 1e12) {
        i.why = "larger than counters and powers usually are";
    }
}

bool is_missing_pattern(point_type t, cell const& c)
{
    auto const width = drivers::bits_of(t);
    auto const all = width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
    auto const raw = c.bits & all;
    return !is_real(t) && !is_bcd(t) && (raw == all || raw == (all >> 1) + 1);
}

interpretation interpreted(std::span<std::uint16_t const> words, std::uint16_t address, point_type t, byte_order o)
{
    interpretation i{address, t, o, {}, false, {}};
    drivers::point p;
    p.name = "vendor.x";
    p.type = t;
    p.order = o;
    p.registers = t == point_type::text ? static_cast<std::uint16_t>(words.size()) : drivers::registers_of(t);
    row r;
    auto meaning = std::make_shared<layout>();
    meaning->columns.push_back(drivers::column_of(p));
    r.cells.push_back(drivers::decode(p, words, r.texts));
    r.layout = std::move(meaning);
    i.shown = scaled(r, 0);
    if (t == point_type::text) {
        if (auto const* text = std::get_if<std::string>(&i.shown)) {
            i.plausible = text->size() >= text_min && text->find('?') == std::string::npos;
            if (i.plausible)
                i.why = "readable text";
        }
        return i;
    }
    if (drivers::is_text(t)) {
        i.plausible = std::holds_alternative<std::string>(i.shown);
        i.why = i.plausible ? "a date and time" : "no moment of the calendar";
        return i;
    }
    if (std::holds_alternative<std::monostate>(i.shown)) {
        i.why = is_bcd(t) ? "a digit above 9" : "not a number";
        return i;
    }
    if (is_missing_pattern(t, r.cells[0])) {
        i.why = "often means \"not implemented\"";
        return i;
    }
    auto const v = as_number(i.shown);
    if (is_real(t))
        judge_real(i, v);
    else if (!is_bcd(t))
        judge_whole(i, v);
    return i;
}

void add_all(std::span<std::uint16_t const> words, std::uint16_t address, std::vector<interpretation>& all)
{
    for (auto const t : types) {
        auto const n = drivers::registers_of(t);
        if (n > words.size())
            continue;
        for (auto const o : orders) {
            auto const same_as_another = n == 1 && (o == byte_order::cdab || o == byte_order::dcba);
            if (!same_as_another)
                all.push_back(interpreted(words.first(n), address, t, o));
        }
    }
    for (auto const t : clocks) {
        auto const n = drivers::registers_of(t);
        if (n > words.size())
            continue;
        if (auto clock = interpreted(words.first(n), address, t, byte_order::abcd); clock.plausible)
            all.push_back(std::move(clock));
    }
    auto const text = words.first(std::min<std::size_t>(words.size(), drivers::text_registers_max));
    for (auto const o : {byte_order::abcd, byte_order::badc})
        all.push_back(interpreted(text, address, point_type::text, o));
}

} // namespace

std::string_view name_of(point_type t) noexcept
{
    return drivers::to_string(t);
}

std::string_view name_of(byte_order o) noexcept
{
    constexpr std::array<std::string_view, 4> names{"abcd", "cdab", "badc", "dcba"};
    return names[static_cast<std::size_t>(o)];
}

std::vector<interpretation> interpretations(std::span<std::uint16_t const> words, std::uint16_t address)
{
    std::vector<interpretation> all;
    if (words.empty())
        return all;
    add_all(words, address, all);
    if (words.size() > 1 && address < 0xFFFF)
        add_all(words.subspan(1), static_cast<std::uint16_t>(address + 1), all);
    return all;
}

} // namespace kilnwatt::meter
