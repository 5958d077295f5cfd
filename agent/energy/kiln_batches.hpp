#pragma once

#include "agent/energy/finding.hpp"
#include "agent/energy/plant_view.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace kilnwatt::energy {

/// What each firing of a kiln took, by the `batch_number` that its controller shows.
///
/// Fuel is that of the meters below the kiln in the tree of meters, and what the plant makes its product; a plant with
/// one kiln has all its fuel meters there. Electricity is that of the kiln's own meter.
class kiln_batches {
public:
    /// The next minute. A batch that another number (or 0) ended comes back as an event `batch_finished`.
    std::vector<finding> look(plant_view const& v);

    void save(byte_writer& w) const;
    void load(byte_reader& r);

private:
    struct batch {
        std::int64_t number = 0;
        std::uint64_t minutes = 0;
        std::uint64_t known = 0; ///< of them; those with everything that is measured
        double fuel_mj = 0;
        double kwh = 0;
        double product_t = 0;
    };
    static std::string told(std::string const& kiln, batch const& b);

    std::map<std::string, batch> open_; ///< by kiln
};

} // namespace kilnwatt::energy
