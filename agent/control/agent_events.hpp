#pragma once

#include "agent/control/device_log.hpp"
#include "agent/control/log.hpp"
#include "agent/control/open_point.hpp"
#include "agent/energy/plant_model.hpp"
#include "agent/journal/journal.hpp"
#include "core/event_row.hpp"
#include "core/link_address.hpp"
#include "core/plant_clock.hpp"
#include "drivers/stuck_watch.hpp"

#include <optional>
#include <span>
#include <string>

namespace kilnwatt::control {

/// What happens beside readings: a line in the log and an event in the journal each. While the journal cannot be
/// written its events are unstored too. On the thread of the pollers.
class agent_events {
public:
    agent_events(log& out, plant_clock clock) : out_{out}, clock_{clock} {}
    /// Before anything else; outlives this.
    void store_in(journal::journal& store) { store_ = &store; }

    void journal_set_aside(std::string const& why);
    /// A commit failed, or succeeds again; `writes` says which.
    void journal_says(std::string const& sentence, bool writes);
    /// An event a device: which seqs of which stream no sink will ever get.
    void journal_dropped(std::span<journal::dropped_range const> ranges);

    void device_changed(std::string const& device, poll::health now, std::string const& why);
    /// Lines that the log still owes of devices: ask from time to time.
    void tell_due();
    void value_stuck(std::string const& device, drivers::stuck_change const& change);
    void polling_paused(link_address const& link, std::optional<milliseconds> lasts);
    void point_was_written(point_written const& w);
    void production_refused(std::string const& device, std::string const& sentence);
    void production_silent(std::string const& device, bool silent);
    /// From what the base of a target is made, or why it has none.
    void target_base(energy::target_model const& t);

private:
    void append(std::string kind, std::string subject, event_severity severity, std::string text);
    void tell(device_log::line const& line);

    log& out_;
    plant_clock clock_;
    journal::journal* store_ = nullptr;
    device_log devices_;
    bool journal_writes_ = true; ///< as last told
};

} // namespace kilnwatt::control
