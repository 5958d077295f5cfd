#include "agent/report/chart.hpp"

#include "agent/report/xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace kilnwatt::report {
namespace {

constexpr double width = 720, height = 250;
constexpr double left = 58, right = 8, top = 34, bottom = 26;
constexpr double plot_width = width - left - right, plot_height = height - top - bottom;
constexpr auto text_colour = "#6b7885", grid_colour = "#e6ebef", axis_colour = "#8a97a3";
constexpr int marks_wanted = 5;
constexpr double label_width = 42; ///< of a part's label with its gap

struct range {
    double low = 0, high = 0;
};

range stacked_range(chart const& c)
{
    range r;
    for (std::size_t i = 0; i < c.parts.size(); ++i) {
        range one;
        for (auto const& s : c.all) {
            auto const v = i < s.values.size() ? s.values[i].value_or(0) : 0;
            (v < 0 ? one.low : one.high) += v;
        }
        r = {std::min(r.low, one.low), std::max(r.high, one.high)};
    }
    return r;
}

range plain_range(chart const& c)
{
    range r;
    for (auto const& s : c.all)
        for (auto const& v : s.values)
            r = {std::min(r.low, v.value_or(0)), std::max(r.high, v.value_or(0))};
    return r;
}

/// Where numbers and parts stand on the picture.
struct scale {
    double low, high;
    std::size_t parts;

    double y(double v) const { return top + plot_height * (high - v) / (high - low); }
    double x(std::size_t i) const { return left + plot_width * static_cast<double>(i) / static_cast<double>(parts); }
    double slot() const { return plot_width / static_cast<double>(parts); }
};

std::string axis(chart const& c, std::vector<double> const& marks, scale const& s)
{
    std::string out;
    auto const step = marks[1] - marks[0];
    auto const digits = step >= 1 ? 0 : static_cast<int>(std::ceil(-std::log10(step) - 1e-9));
    for (auto const m : marks)
        out += fmt::format("<line x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\" stroke=\"{3}\"/>"
                           "<text x=\"{4}\" y=\"{5:.1f}\" text-anchor=\"end\">{6:.{7}f}</text>\n",
                           left, width - right, s.y(m), std::abs(m) < step / 2 ? axis_colour : grid_colour, left - 6,
                           s.y(m) + 4, m + 0.0, digits);
    auto const every = static_cast<std::size_t>(std::ceil(label_width / s.slot()));
    auto const neat = [](std::size_t n) { // quarters of an hour are labelled on hours
        for (std::size_t const k : {1u, 2u, 4u, 8u, 12u, 16u, 24u})
            if (k >= n)
                return k;
        return n;
    }(every);
    for (std::size_t i = 0; i < c.parts.size(); i += neat)
        out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n",
                           neat == 1 ? s.x(i) + s.slot() / 2 : s.x(i), height - 8, neat == 1 ? "middle" : "start",
                           escaped(c.parts[i]));
    return out;
}

std::string legend(chart const& c)
{
    auto out = fmt::format("<text x=\"0\" y=\"14\">{}</text>\n", escaped(c.unit));
    double x = left;
    for (auto const& s : c.all) {
        out += fmt::format("<rect x=\"{:.0f}\" y=\"4\" width=\"11\" height=\"11\" fill=\"{}\"/>"
                           "<text x=\"{:.0f}\" y=\"14\">{}</text>\n",
                           x, escaped(s.colour), x + 16, escaped(s.name));
        double columns = 0; // a Chinese character is about as wide as two Latin ones
        for (auto const ch : s.name)
            columns += (static_cast<unsigned char>(ch) & 0xC0) == 0x80 ? 0.5 : 1;
        x += 34 + 6.6 * columns;
    }
    return out;
}

std::string bars(chart const& c, scale const& s)
{
    std::string out;
    auto const wide = std::max(s.slot() * (s.slot() > 8 ? 0.78 : 0.92), 0.5);
    for (std::size_t i = 0; i < c.parts.size(); ++i) {
        double up = 0, down = 0;
        for (auto const& one : c.all) {
            auto const v = i < one.values.size() ? one.values[i].value_or(0) : 0;
            if (v == 0)
                continue;
            auto& from = v < 0 ? down : up;
            auto const y1 = s.y(from);
            from += v;
            auto const y2 = s.y(from);
            out += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"/>\n",
                               s.x(i) + (s.slot() - wide) / 2, std::min(y1, y2), wide, std::abs(y1 - y2),
                               escaped(one.colour));
        }
    }
    return out;
}

/// One path a series; a part without a value interrupts it.
std::string lines(chart const& c, scale const& s)
{
    std::string out;
    for (auto const& one : c.all) {
        std::string path;
        auto open = false;
        for (std::size_t i = 0; i < one.values.size(); ++i) {
            if (!one.values[i]) {
                open = false;
                continue;
            }
            path += fmt::format("{}{:.1f} {:.1f}H{:.1f}", open ? "L" : "M", s.x(i), s.y(*one.values[i]), s.x(i + 1));
            open = true;
        }
        out += fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.8\"/>\n", path,
                           escaped(one.colour));
    }
    return out;
}

} // namespace

bool chart::empty() const
{
    return parts.empty() || std::none_of(all.begin(), all.end(), [](series const& s) {
               return std::any_of(s.values.begin(), s.values.end(), [](auto const& v) { return v.has_value(); });
           });
}

std::vector<double> axis_marks(double low, double high, int steps)
{
    if (!(high > low))
        high = low + 1;
    auto const rough = (high - low) / std::max(steps, 1);
    auto const power = std::pow(10, std::floor(std::log10(rough)));
    auto const lead = rough / power;
    auto const step = power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 2.5 ? 2.5 : lead <= 5 ? 5 : 10);
    auto const first = std::floor(low / step + 1e-9);
    auto const last = std::ceil(high / step - 1e-9);
    std::vector<double> marks;
    for (auto k = first; k <= last; ++k)
        marks.push_back(k * step);
    return marks;
}

std::string svg_of(chart const& c)
{
    auto const r = c.as == chart::shape::stacked ? stacked_range(c) : plain_range(c);
    auto const marks = axis_marks(r.low, r.high, marks_wanted);
    scale const s{marks.front(), marks.back(), std::max<std::size_t>(c.parts.size(), 1)};
    auto const drawn = c.as == chart::shape::lines ? lines(c, s) : bars(c, s);
    // Colours stand in the picture itself: not every program that prints a page styles its pictures.
    return fmt::format(
               "<svg viewBox=\"0 0 {:g} {:g}\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" font-size=\"11\" "
               "fill=\"{}\">\n",
               width, height, text_colour) +
           legend(c) + axis(c, marks, s) + drawn + "</svg>\n";
}

} // namespace kilnwatt::report
