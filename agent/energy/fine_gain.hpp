#pragma once

namespace kilnwatt::energy {

class byte_reader;
class byte_writer;

/// The gain of a minute of a counter whose step is coarse for it (quality low_resolution), by the power beside the
/// counter: a load of 10 kW steps a counter of whole kWh every sixth minute, and the minutes between have energy too.
///
/// The counter stays right: what the minutes say together is never more than a step off what it counted, so that
/// nothing is lost or made up over any time, and no minute is negative. The power only says when. It is corrected by
/// what counter and power said so far, so that a meter whose power is a few per cent off stays inside the step.
class fine_gain {
public:
    /// `counted` by its edges and `integral` of the power over the same minute, `step` of the counter, all in its unit.
    double next(double counted, double integral, double step);
    /// Of a minute that needs no refining, or whose power is not known: back to the counter's edges.
    double next(double counted);

    /// How far the edge of the last minute is ahead of the counter's.
    double ahead() const { return ahead_; }

    void save(byte_writer& w) const;
    void load(byte_reader& r);

private:
    double take(double counted, double ahead);

    double ahead_ = 0;
    double counted_ = 0;    ///< over all that was refined so far
    double integrated_ = 0; ///< the same, by the power
};

} // namespace kilnwatt::energy
