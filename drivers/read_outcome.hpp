#pragma once

#include "core/quality.hpp"
#include "drivers/read_pass.hpp"

#include <boost/system/error_code.hpp>

#include <optional>

namespace kilnwatt::drivers {

/// What a failed request says about its points and about the rest of the pass.
struct verdict {
    quality q = quality::timeout;
    bool answered = false; ///< the device itself said something
    bool stop = false;     ///< asking further would only wait
};

/// Of an error of a link (modbus::errc).
verdict verdict_of(boost::system::error_code const& error);

/// How a read of several requests has gone so far. Pure.
struct read_outcome {
    boost::system::error_code first_error;
    bool answered = false;       ///< the device itself said something
    std::optional<quality> rest; ///< asking further would only wait: what the points not asked for are

    /// How a request of the pass ended; the pass is told. True when the device said something.
    bool take(boost::system::error_code const& error, planned_request const& request, read_pass& pass);
};

} // namespace kilnwatt::drivers
