#pragma once

#include "agent/energy/finding.hpp"
#include "agent/energy/plant_model.hpp"
#include "agent/energy/row_view.hpp"

namespace kilnwatt::energy {

/// What must not wait for the hour: heat that flows back, and transformers above their rating, in each quarter of an
/// hour.
class quarter_watch {
public:
    /// The windows of devices of one quarter. What is new comes back.
    std::vector<finding> look(plant_model const& m, std::vector<row> const& rows);

    void save(byte_writer& w) const { told_.save(w); }
    void load(byte_reader& r) { told_.load(r); }

private:
    finding_book told_;
};

/// The supply of a heat meter is colder than its return, or it gives power back, while it flows.
bool heat_runs_back(device_model const& d, row_view const& w);

} // namespace kilnwatt::energy
