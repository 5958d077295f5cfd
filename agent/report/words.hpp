#pragma once

#include <string>
#include <string_view>

namespace kilnwatt::report {

enum class language { english, chinese };

/// "en" or "zh", as in HTML.
std::string_view code_of(language l);

/// What a figure of the plant is called, "" for one that has no words: "pv.e" is "PV energy". A figure of a device is
/// called like the plant's figure of the same kind: give "pv.e" for "pv_roof_1.e".
std::string_view meaning_of(std::string_view figure, language l);

/// A heading or label of the page by its key; the key itself when there is none.
std::string_view label(std::string_view key, language l);

/// "good", "uncertain: stuck" in the reader's language; the cause stays as it is published.
std::string quality_words(std::string_view quality, language l);

} // namespace kilnwatt::report
