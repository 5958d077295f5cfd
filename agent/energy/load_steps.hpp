#pragma once

#include <array>
#include <optional>

namespace kilnwatt::energy {

class byte_reader;
class byte_writer;

enum class efficiency_weights { european, cec };

/// What an inverter gave and took while it ran near each of the loads that a weighted efficiency is made of: 5, 10, 20,
/// 30, 50, 75 and 100 % of its AC rating, each with the 2.5 points around it. Sums, so that periods add up.
struct load_steps {
    static constexpr std::array<double, 7> loads{0.05, 0.10, 0.20, 0.30, 0.50, 0.75, 1.00};
    static constexpr double around = 0.025;
    static constexpr double hours_least = 0.5; ///< at a load before it has an efficiency

    struct step {
        double output = 0; ///< kWh
        double input = 0;
        double hours = 0;
    };
    std::array<step, loads.size()> steps{};

    bool empty() const;
    void add(double load, double output, double input, double hours); ///< one near none of them is left out
    void add(load_steps const& other);

    /// %; nothing while one of the loads that count has not been run for hours_least.
    std::optional<double> efficiency(efficiency_weights w) const;
};

void save(byte_writer& w, load_steps const& s);
void load(byte_reader& r, load_steps& s);

} // namespace kilnwatt::energy
