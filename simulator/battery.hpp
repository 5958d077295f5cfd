#pragma once

namespace kilnwatt::simulator {

struct battery_plate {
    double power_w = 200e3;
    double capacity_wh = 400e3;
    double one_way_efficiency = 0.955; ///< between the AC terminals and the cells, each way
    double soc_min = 0.10;
    double soc_max = 0.95;
    int hold_s = 60; ///< its controller looks at the plant once in so many seconds
};

/// Stores what the sun gives beyond the loads and gives it back in the evening peak. Between two looks its power stands
/// still, so what changes meanwhile comes from the grid or goes there.
class battery {
public:
    battery(battery_plate plate, double soc) : plate_{plate}, stored_wh_{soc * plate.capacity_wh} {}

    /// Chooses the AC power [W, + = discharge] for the next second. `surplus_w` = PV minus loads.
    double choose(double surplus_w, bool evening_peak);
    /// That second has passed.
    void pass();

    double power_w() const { return power_w_; }
    double cell_power_w() const; ///< + = out of the cells
    double soc() const { return stored_wh_ / plate_.capacity_wh; }
    battery_plate const& plate() const { return plate_; }

private:
    battery_plate plate_;
    double stored_wh_;
    double target_w_ = 0;
    double power_w_ = 0;
    int held_s_ = 0;
};

} // namespace kilnwatt::simulator
