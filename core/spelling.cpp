#include "core/spelling.hpp"

#include <algorithm>
#include <numeric>

namespace kilnwatt {

std::size_t edit_distance(std::string_view a, std::string_view b)
{
    constexpr std::size_t word_max = 64;
    if (a.size() > word_max || b.size() > word_max)
        return word_max;
    std::vector<std::size_t> line(b.size() + 1);
    std::iota(line.begin(), line.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto diagonal = line[0];
        line[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            auto const above = line[j];
            auto const replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            line[j] = std::min({above + 1, line[j - 1] + 1, replaced});
            diagonal = above;
        }
    }
    return line[b.size()];
}

std::vector<std::string> nearest(std::string_view word, std::vector<std::string_view> const& candidates,
                                 std::size_t most)
{
    auto const limit = std::max<std::size_t>(2, word.size() / 3);
    std::vector<std::pair<std::size_t, std::string_view>> scored;
    for (auto const& c : candidates)
        if (auto const d = edit_distance(word, c); d <= limit)
            scored.emplace_back(d, c);
    std::stable_sort(scored.begin(), scored.end(), [](auto const& x, auto const& y) { return x.first < y.first; });
    std::vector<std::string> names;
    for (auto const& [d, c] : scored)
        if (names.size() < most)
            names.emplace_back(c);
    return names;
}

} // namespace kilnwatt
