#pragma once

#include "agent/energy/calendar.hpp"
#include "agent/energy/device_window.hpp"
#include "agent/energy/figure.hpp"
#include "core/row.hpp"

#include <string>
#include <vector>

namespace kilnwatt::energy {

struct device_sums;
class user_kpis;
struct finding;

/// Makes the rows of one device's windows, or of the plant's figures, of one length. Keeps the layout as long as the
/// columns stay the same, since a layout is a thing that the journal stores.
class aggregate_rows {
public:
    aggregate_rows(std::string device, stream kind) : device_{std::move(device)}, kind_{kind} {}

    /// The site's own figures go into the rows too; they must live as long as this.
    void use(user_kpis const& formulas) { formulas_ = &formulas; }

    row make(device_window const& w, stamp at);
    row make(std::vector<figure> const& figures, time_span when, stamp at);
    row make(device_sums const& sums, time_span when, stamp at);

private:
    void keep(std::vector<column> columns);
    row finish(std::vector<column> columns, std::vector<cell> cells, stamp at);

    std::string device_;
    stream kind_;
    user_kpis const* formulas_ = nullptr;
    layout_ptr layout_;
};

/// What does not fit in a window, as a row of stream event.
row event_row(finding const& f, stamp at);

/// What happened to a counter, as a row of stream event.
row event_row(std::string const& device, std::string const& point, counter_incident const& i, stamp at);

/// Rows that nobody fetched in time and that are lost, as a row of stream event.
row lost_rows_event(std::size_t count, stamp at);

} // namespace kilnwatt::energy
