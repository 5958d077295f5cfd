#pragma once

#include "core/row.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace kilnwatt::publish {

/// The last values of one device: the newest row of each of its layouts (one a poll class). Pure.
class device_state {
public:
    /// Layouts remembered; beyond it the one not seen for longest is forgotten.
    static constexpr std::size_t layouts_max = 16;

    void fold(row const& reading, bool stored);
    bool empty() const { return rows_.empty(); }
    /// Does the device use this very layout already?
    bool knows(layout const& l) const;

    /// The retained payload: {"v":1,"ts":..,"stored":true,"<point>":..,"quality":{..}}. A point that several layouts
    /// have shows the value of the newest row. "quality" lists what is not plainly good and is left out when all is;
    /// "stored" is false while a value shown is not in the journal; "ts" is the newest row's.
    std::string payload() const;

private:
    struct slot {
        row last;
        bool stored;
    };

    std::vector<slot> rows_; ///< the newest last
};

} // namespace kilnwatt::publish
