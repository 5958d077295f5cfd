#pragma once

#include "core/plant_clock.hpp"
#include "core/row.hpp"
#include "drivers/device_memory.hpp"
#include "drivers/point_group.hpp"
#include "drivers/profile.hpp"
#include "drivers/read_plan.hpp"
#include "protocols/modbus/link.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kilnwatt::drivers {

namespace asio = boost::asio;

class read_pass;

/// One unit on a link: turns the points of its profile into requests, and the answers into rows.
///
/// Used by one coroutine at a time, the link's. Remembers the holes it found (registers the device refused), so that
/// from the second poll on no request ends in an illegal address, and a SunSpec device's model chain; both outlive a
/// restart as memory(). Another serial number or firmware makes it try the holes again.
class device {
public:
    device(std::string name, std::uint8_t unit, profile p);

    std::string const& name() const { return name_; }
    std::uint8_t unit() const { return unit_; }
    profile const& what() const { return profile_; }

    /// The chain of a SunSpec device is not known, or remembered and not yet confirmed.
    bool needs_discovery() const { return profile_.sunspec && !confirmed_; }
    /// Walks the SunSpec chain and takes its points; nothing to do for other profiles.
    asio::awaitable<result<void>> discover(modbus::link& via);
    /// The device was away: a SunSpec chain is confirmed before the next read.
    void was_away() { confirmed_ = false; }

    /// Before the first use: takes back what memory() gave; a text of another profile is of no use and ignored.
    void remember(std::string_view text);
    std::string memory() const { return to_text(memory_, profile_); }
    /// True once after something new was learned.
    bool has_learned() { return std::exchange(has_learned_, false); }

    /// Classes that have points, in the order of the enum.
    std::vector<poll_class> classes() const;
    /// Immutable; null for a class without points. A new one when discovery finds other points. A point that serves as
    /// exponent is a column of every class that needs it, and of no other.
    layout_ptr layout_of(poll_class c) const;
    /// The requests of one read; its points are indices of the layout's columns.
    read_plan const& plan_of(poll_class c) const;

    /// Reads the points of one class into one row, in as few requests as the plan has, as many together as the link
    /// takes. A request that fails makes its
    /// points bad with the cause and the rest goes on; after a timeout, a lost connection or a gateway's "does not
    /// answer" the remaining requests are not tried. The row's time is when the last answer arrived. A value whose
    /// exponent is bad is as bad. Fails only when the device answered no request at all: then the error says why.
    asio::awaitable<result<row>> read(modbus::link& via, poll_class c, plant_clock const& clock);

    /// Points that got stuck, or move again, since the last call.
    std::vector<stuck_change> take_stuck() { return std::exchange(stuck_changes_, {}); }

    /// The cheapest request that shows life: the first point of the plan. Any answer of the device, exception included,
    /// is life; a gateway's exception is none.
    asio::awaitable<result<void>> probe(modbus::link& via);

private:
    void take_batch(read_pass& pass, std::size_t at_most);
    void rebuild_groups();
    void rebuild_plans();
    std::vector<point> points_in(std::vector<sunspec::block> const& chain) const;
    void take_chain(std::vector<sunspec::block> chain);
    void note_identity(row const& r, std::span<std::size_t const> columns);
    asio::awaitable<result<void>> ask(modbus::link& via, read_range range);
    std::span<modbus::read_job> make_jobs();
    asio::awaitable<void> retry_failed(modbus::link& via);
    asio::awaitable<void> retry(modbus::link& via, modbus::read_job& job);

    std::string name_;
    std::uint8_t unit_;
    profile profile_;
    std::array<point_group, poll_class_names.size()> groups_; ///< one a class
    std::array<read_plan, poll_class_names.size()> plans_;    ///< one a group
    device_memory memory_;
    bool confirmed_ = false; ///< of a SunSpec chain
    bool has_learned_ = false;
    companion_values companions_;
    std::vector<stuck_change> stuck_changes_;
    std::vector<std::uint16_t> words_;
    std::vector<planned_request const*> batch_; ///< asked for together, each with a job
    std::vector<modbus::read_job> jobs_;
};

} // namespace kilnwatt::drivers
