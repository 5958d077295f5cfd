#include "drivers/row_cells.hpp"

#include "drivers/decode.hpp"

#include <algorithm>
#include <utility>

namespace kilnwatt::drivers {
namespace {

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

void decode_into(row& r, std::span<point const> points, std::span<plain_number const> numbers,
                 planned_request const& request, std::span<std::uint16_t const> words)
{
    std::vector<std::string> text;
    for (auto const i : request.points) {
        auto const at = static_cast<std::size_t>(numbers[i].address - request.range.address);
        auto const own = words.subspan(std::min(at, words.size()));
        if (numbers[i].is_plain) {
            r.cells[i] = decode(numbers[i], own);
            continue;
        }
        text.clear();
        auto const c = decode(points[i], own, text);
        if (text.empty())
            r.cells[i] = c;
        else
            take_text(r, i, c, std::move(text.front()));
    }
}

} // namespace kilnwatt::drivers
