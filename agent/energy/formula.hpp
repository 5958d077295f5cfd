#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace kilnwatt::energy {

/// An arithmetic formula over names such as pv.e or press_meter.e: + - * / ^, comparisons, ?:, min, max, abs, sqrt and
/// what else muParser knows. One thread at a time; copies share.
class formula {
public:
    /// `why` has a sentence when the text is no formula or is longer than length_max.
    static std::unique_ptr<formula> parse(std::string const& text, std::string& why);
    ~formula();

    std::vector<std::string> const& names() const { return names_; } ///< in the order of value()'s arguments, each once

    /// NaN when the result is no number.
    double value(std::span<double const> inputs) const;

    static constexpr std::size_t length_max = 1'000; ///< bytes
    static constexpr std::size_t names_max = 32;

private:
    struct parser;
    formula();

    std::unique_ptr<parser> parser_;
    std::vector<std::string> names_;
};

} // namespace kilnwatt::energy
