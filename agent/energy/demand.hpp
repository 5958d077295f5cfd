#pragma once

#include <cstddef>
#include <deque>
#include <optional>

namespace kilnwatt::energy {

class byte_reader;
class byte_writer;

/// Mean power of the last 15 complete minutes, moved on each minute (the usual billing demand).
class sliding_demand {
public:
    static constexpr std::size_t minutes = 15;

    /// The mean of the next minute, kW; nothing for one that was not seen whole, which starts the 15 minutes again.
    void next(std::optional<double> kw);

    void save(byte_writer& w) const;
    void load(byte_reader& r);

    std::optional<double> value() const; ///< kW; nothing before 15 minutes in a row

private:
    std::deque<double> last_;
};

} // namespace kilnwatt::energy
