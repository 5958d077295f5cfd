#include "agent/report/words.hpp"

#include "agent/report/figure_words.hpp"

#include <algorithm>

namespace kilnwatt::report {
namespace {

std::string_view find(std::span<words const> all, std::string_view id, language l)
{
    auto const w = std::find_if(all.begin(), all.end(), [&](words const& x) { return x.id == id; });
    if (w == all.end())
        return {};
    return l == language::chinese ? w->chinese : w->english;
}

} // namespace

std::string_view code_of(language l)
{
    return l == language::chinese ? "zh" : "en";
}

std::string_view meaning_of(std::string_view figure, language l)
{
    return find(figure_words(), figure, l);
}

std::string_view label(std::string_view key, language l)
{
    auto const found = find(page_words(), key, l);
    return found.empty() ? key : found;
}

std::string quality_words(std::string_view quality, language l)
{
    auto const colon = quality.find(':');
    std::string text{label(quality.substr(0, colon), l)};
    if (colon != std::string_view::npos)
        text += (l == language::chinese ? "：" : ": ") + std::string{label(quality.substr(colon + 1), l)};
    return text;
}

} // namespace kilnwatt::report
