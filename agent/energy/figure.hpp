#pragma once

#include "agent/energy/quantity.hpp"

#include <string>
#include <vector>

namespace kilnwatt::energy {

class byte_reader;
class byte_writer;

/// One figure (KPI) over an interval, kept as sums that add up over time, so that a quarter of an hour is never an
/// average of ratios.
struct figure {
    enum class kind : std::uint8_t {
        total,    ///< numerator
        residual, ///< the same; denominator is the size of the balance it is the rest of
        mean,     ///< numerator / denominator, the denominator in hours
        ratio,    ///< factor * numerator / denominator, over the minutes in which both are whole
    };

    std::string name;
    std::string unit;
    kind what = kind::total;
    double factor = 1;
    double floor = 0; ///< the denominator gained in an hour below which a ratio means nothing
    bool quarters_only = false;

    double numerator = 0;
    double denominator = 0;
    std::vector<instant> covered; ///< ms, one a part
    quality q = quality::good;
    quality cause = quality::good;
    method how = method::counter;
};

struct figure_value {
    double value = 0;
    bool known = false;
    quality q = quality::no_data;
    double coverage = 0;
    method how = method::counter;
};

figure total(std::string name, std::string unit, quantity const& amount);
figure residual(std::string name, std::string unit, quantity const& amount, double size);
figure mean(std::string name, std::string unit, quantity const& mean);

struct ratio_terms {
    double factor = 1;
    double floor = 0; ///< per hour
    bool quarters_only = false;
};
figure ratio(std::string name, std::string unit, quantity const& numerator, quantity const& denominator, ratio_terms t);

/// Adds the figures of the next minute to those of a longer interval, by name.
void append(std::vector<figure>& sums, std::vector<figure> const& next);

figure_value finish(figure const& f, instant length);

void save(byte_writer& w, figure const& f);
void load(byte_reader& r, figure& f);

} // namespace kilnwatt::energy
