#include "config/nesting.hpp"

#include "config/table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kilnwatt::config {
namespace {

class scanner {
public:
    explicit scanner(std::string_view text) : text_{text} {}

    nesting_fault scan()
    {
        while (at_ < text_.size()) {
            auto const c = text_[at_];
            if (c == '#')
                skip_comment();
            else if (c == '"' || c == '\'')
                skip_string(c);
            else {
                count(c);
                step();
            }
            if (brackets_ > depth_max || dots_ >= depth_max)
                return fault(fmt::format("is nested deeper than {} levels", depth_max));
            if (values_ > values_max)
                return fault(fmt::format("holds more than {} values", values_max));
        }
        return {};
    }

private:
    void step()
    {
        if (text_[at_] == '\n') {
            ++line_;
            line_start_ = at_ + 1;
        }
        ++at_;
    }

    void count(char c)
    {
        switch (c) {
        case '[':
        case '{':
            ++brackets_;
            ++values_;
            dots_ = 0;
            break;
        case ']':
        case '}':
            brackets_ = std::max(0, brackets_ - 1);
            dots_ = 0;
            break;
        case '.':
            ++dots_;
            ++values_;
            break;
        case '=':
        case ',':
            ++values_;
            dots_ = 0;
            break;
        case '\n':
            dots_ = 0;
            break;
        default:
            break;
        }
    }

    void skip_comment()
    {
        while (at_ < text_.size() && text_[at_] != '\n')
            step();
    }

    std::size_t quotes_here(char quote) const
    {
        std::size_t n = 0;
        while (at_ + n < text_.size() && text_[at_ + n] == quote)
            ++n;
        return n;
    }

    /// One line, or many between three quotes; one or two more quotes before the closing three belong to the text.
    void skip_string(char quote)
    {
        auto const opening = quotes_here(quote);
        auto const many_lines = opening >= 3;
        at_ += many_lines ? 3 : 1;
        if (opening == 2) {
            ++at_;
            return;
        }
        while (at_ < text_.size()) {
            auto const c = text_[at_];
            if (c == '\n' && !many_lines)
                return;
            if (c == '\\' && quote == '"') {
                step();
                if (at_ < text_.size())
                    step();
            } else if (c != quote) {
                step();
            } else if (auto const run = quotes_here(quote); !many_lines || run >= 3) {
                at_ += many_lines ? std::min<std::size_t>(run, 5) : 1;
                return;
            } else {
                at_ += run;
            }
        }
    }

    nesting_fault fault(std::string message) const
    {
        return {line_, static_cast<int>(at_ - line_start_), std::move(message)};
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_start_ = 0;
    int line_ = 1;
    int brackets_ = 0;
    int dots_ = 0;
    std::size_t values_ = 0;
};

} // namespace

nesting_fault check_nesting(std::string_view text)
{
    return scanner{text}.scan();
}

} // namespace kilnwatt::config
