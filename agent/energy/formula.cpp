#include "agent/energy/formula.hpp"

#include <muParser.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace kilnwatt::energy {

struct formula::parser {
    mu::Parser engine;
    std::vector<double> values; ///< one a name; the engine reads them
};

formula::formula() : parser_{std::make_unique<parser>()} {}

formula::~formula() = default;

std::unique_ptr<formula> formula::parse(std::string const& text, std::string& why)
{
    if (text.size() > length_max) {
        why = "is longer than " + std::to_string(length_max) + " bytes";
        return nullptr;
    }
    std::unique_ptr<formula> f{new formula};
    auto& engine = f->parser_->engine;
    try {
        engine.DefineNameChars("0123456789_.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        engine.ClearConst();
        engine.SetExpr(text);
        for (auto const& used : engine.GetUsedVar())
            f->names_.push_back(used.first);
        if (f->names_.size() > names_max) {
            why = "uses more than " + std::to_string(names_max) + " names";
            return nullptr;
        }
        f->parser_->values.assign(f->names_.size(), 1.0);
        for (std::size_t i = 0; i < f->names_.size(); ++i)
            engine.DefineVar(f->names_[i], &f->parser_->values[i]);
        (void)engine.Eval(); // the rest of the mistakes show when it is compiled
        if (engine.GetNumResults() == 1)
            return f;
        why = "has several values; write one";
    } catch (mu::Parser::exception_type const& e) {
        why = e.GetMsg();
    }
    return nullptr;
}

double formula::value(std::span<double const> inputs) const
{
    if (inputs.size() != names_.size())
        return std::numeric_limits<double>::quiet_NaN();
    std::copy(inputs.begin(), inputs.end(), parser_->values.begin());
    try {
        auto const v = parser_->engine.Eval();
        return std::isfinite(v) ? v : std::numeric_limits<double>::quiet_NaN();
    } catch (mu::Parser::exception_type const&) {
        return std::numeric_limits<double>::quiet_NaN();
    }
}

} // namespace kilnwatt::energy
