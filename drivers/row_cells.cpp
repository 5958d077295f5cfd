#include "drivers/row_cells.hpp"

#include "drivers/decode.hpp"

#include <algorithm>
#include <utility>

namespace kilnwatt::drivers {
namespace {

constexpr std::int64_t exponent_max = 10;

/// A text read a second time in one pass takes the place of the first.
void take_text(row& r, std::size_t i, cell c, std::string text)
{
    if (r.cells[i].present) {
        r.texts[r.cells[i].bits] = std::move(text);
        return;
    }
    c.bits = r.texts.size();
    r.texts.push_back(std::move(text));
    r.cells[i] = c;
}

} // namespace

void mark(row& r, std::span<std::size_t const> points, quality q)
{
    for (auto const i : points)
        if (!r.cells[i].present)
            r.cells[i] = absent(q);
}

void decode_into(row& r, std::span<point const> points, planned_request const& request,
                 std::span<std::uint16_t const> words)
{
    for (auto const i : request.points) {
        auto const& p = points[i];
        auto const at = static_cast<std::size_t>(p.address - request.range.address);
        std::vector<std::string> text;
        auto const c = decode(p, words.subspan(std::min(at, words.size())), text);
        if (text.empty())
            r.cells[i] = c;
        else
            take_text(r, i, c, std::move(text.front()));
    }
}

void apply_exponents(row& r)
{
    auto const& columns = r.layout->columns;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].exponent_column < 0 || !r.cells[i].present)
            continue;
        auto const& e = r.cells[static_cast<std::size_t>(columns[i].exponent_column)];
        auto const exponent = static_cast<std::int64_t>(e.bits);
        if (!e.present)
            r.cells[i] = absent(e.q);
        else if (exponent < -exponent_max || exponent > exponent_max)
            r.cells[i] = absent(quality::out_of_range);
    }
}

} // namespace kilnwatt::drivers
