#include "agent/control/site_plan.hpp"

#include "agent/control/alarm_rules.hpp"
#include "agent/control/plant_of.hpp"
#include "core/spelling.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <tuple>

namespace kilnwatt::control {
namespace fs = std::filesystem;

namespace {

using config::defect;

static_assert(settings::in_flight_limit == modbus::in_flight_limit);
static_assert(settings::registers_max == modbus::registers_max);
static_assert(settings::retries_max == drivers::retries_max);
static_assert(settings::poll_classes == drivers::poll_class_names);

/// Folders relative to the program: installed beside it, or built in the source tree (build/<preset>/bin).
std::vector<std::string> program_folders()
{
    std::error_code ignored;
    auto const program = fs::read_symlink("/proc/self/exe", ignored);
    if (ignored)
        return {};
    auto const here = program.parent_path();
    return {(here / "../share/kilnwatt/devices").lexically_normal().string(),
            (here / "../../../config/devices").lexically_normal().string()};
}

/// A link obeys the most careful of its devices.
void join(modbus::link_timing& link, modbus::link_timing const& device)
{
    link.connect_timeout = std::max(link.connect_timeout, device.connect_timeout);
    link.connect_delay = std::max(link.connect_delay, device.connect_delay);
    link.response_timeout = std::max(link.response_timeout, device.response_timeout);
    link.request_gap = std::max(link.request_gap, device.request_gap);
    link.unit_gap = std::max(link.unit_gap, device.unit_gap);
    link.idle_close = std::max(link.idle_close, device.idle_close);
    link.close_after_poll = link.close_after_poll || device.close_after_poll;
    link.max_in_flight = std::min(link.max_in_flight, device.max_in_flight);
    link.lenient_transaction_id = link.lenient_transaction_id || device.lenient_transaction_id;
    link.local_echo = link.local_echo || device.local_echo;
}

void apply(settings::timing_override const& o, modbus::link_timing& timing)
{
    auto const set = [](auto const& from, auto& to) {
        if (from)
            to = *from;
    };
    set(o.connect_timeout, timing.connect_timeout);
    set(o.connect_delay, timing.connect_delay);
    set(o.response_timeout, timing.response_timeout);
    set(o.request_gap, timing.request_gap);
    set(o.unit_gap, timing.unit_gap);
    set(o.idle_close, timing.idle_close);
    set(o.close_after_poll, timing.close_after_poll);
    set(o.max_in_flight, timing.max_in_flight);
    set(o.lenient_transaction_id, timing.lenient_transaction_id);
    set(o.local_echo, timing.local_echo);
}

/// Reads each profile once, however many devices use it.
class profile_shelf {
public:
    profile_shelf(drivers::profile_library const& library, config::defects& found) : library_{library}, found_{found} {}

    /// Null when there is no such profile (noted) or it has mistakes (noted once).
    drivers::profile const* get(settings::device_settings const& d)
    {
        auto const known = shelf_.find(d.profile);
        if (known != shelf_.end())
            return known->second ? &*known->second : nullptr;
        auto const path = library_.path_of(d.profile);
        if (path.empty()) {
            note_unknown(d);
            return nullptr;
        }
        auto document = config::read_files(path);
        auto p = drivers::read_profile(document);
        auto& place = shelf_[d.profile];
        found_.insert(found_.end(), document.found->begin(), document.found->end());
        if (document.found->empty())
            place = std::move(p);
        return place ? &*place : nullptr;
    }

private:
    void note_unknown(settings::device_settings const& d)
    {
        auto const ids = library_.ids();
        auto const near = nearest(d.profile, {ids.begin(), ids.end()}, 1);
        std::string remedy = near.empty() ? "`kilnwatt profile list` shows all " + std::to_string(ids.size())
                                          : "did you mean '" + near.front() + "'?";
        found_.push_back({d.profile_at, "device '" + d.name + "': profile", "there is no profile '" + d.profile + "'",
                          std::move(remedy)});
    }

    drivers::profile_library const& library_;
    config::defects& found_;
    std::map<std::string, std::optional<drivers::profile>> shelf_;
};

/// Unless a profile says how many unused registers may be read, the link does: those that cost less than a request.
void fit_gaps(planned_link& link)
{
    auto const gap = drivers::worthwhile_gap(drivers::with_usual_device(cost_of(link)));
    for (auto& d : link.devices)
        if (auto what = d.device.what(); !what.gap_is_given) {
            what.limits.gap = gap;
            d.device = drivers::device{d.device.name(), d.device.unit(), std::move(what)};
        }
}

/// Intervals that the line's own speed forbids, however quick the devices are.
void note_overload(planned_link const& link, settings::link_settings const& at, config::defects& found)
{
    if (auto const why = overload_of(load_of(link, cost_of(link))); !why.empty())
        found.push_back({at.at, "link '" + link.name + "'", why, "longer `poll` intervals, fewer devices, more baud"});
}

/// The profile as this device has it.
drivers::profile changed_profile(settings::device_settings const& d, drivers::profile what)
{
    if (d.registers_per_request)
        what.limits.registers_per_request = static_cast<std::uint16_t>(*d.registers_per_request);
    if (d.retries)
        what.limits.retries = *d.retries;
    what.changes.current_ratio = d.current_ratio;
    what.changes.voltage_ratio = d.voltage_ratio;
    what.changes.part = d.part;
    if (d.changes_owner) {
        auto owner = *d.changes_owner;
        drivers::read_changes(owner, what);
    } else if (!what.sunspec) {
        what.points = drivers::changed(std::move(what.points), what.changes);
    }
    return what;
}

drivers::profile inline_profile(settings::device_settings const& d)
{
    drivers::profile p;
    p.id = "inline";
    p.source = "site file";
    auto owner = *d.points_owner;
    p.points = drivers::read_points(owner, "points");
    return p;
}

/// A window needs a reading of every counter after its end: it waits for the slowest one of the plant.
milliseconds usual_close_delay(site_plan const& plan)
{
    using namespace std::chrono_literals;
    constexpr auto class_of_counters = static_cast<std::size_t>(drivers::poll_class::counters);
    constexpr milliseconds answer = 15s;
    auto slowest = 0ms;
    for (auto const& link : plan.links)
        for (auto const& d : link.devices) {
            auto const& model = plan.model.devices;
            auto const& points = d.device.what().points;
            auto const counts = points.empty() || std::any_of(points.begin(), points.end(),
                                                              [](drivers::point const& x) { return x.counter; });
            auto const in_plant = std::any_of(model.begin(), model.end(), [&](energy::device_model const& m) {
                return m.name == d.device.name() && m.what != role::none;
            });
            if (in_plant && counts)
                slowest = std::max(slowest, d.periods[class_of_counters]);
        }
    return std::min<milliseconds>(slowest + answer, 10min);
}

} // namespace

drivers::profile_library profile_folders(settings::site const& site)
{
    auto folders = site.profile_folders;
    folders.emplace_back("/etc/kilnwatt/devices");
    for (auto& f : program_folders())
        folders.push_back(std::move(f));
    return {std::move(folders)};
}

site_plan plan_site(std::string const& path)
{
    auto loaded = settings::load_site(path);
    site_plan plan;
    std::error_code ignored;
    plan.file = std::filesystem::absolute(path, ignored).string();
    plan.site = std::move(loaded.value);
    plan.found = loaded.found;
    plan.profiles = profile_folders(plan.site);
    plan.model = whole_plant_of(plan.site, *plan.found);

    for (auto const& l : plan.site.links) // as much in flight as the first device says, and each further one
        plan.links.push_back({l.name.empty() ? l.address.url() : l.name,
                              l.address,
                              l.fallback,
                              {.max_in_flight = modbus::in_flight_limit},
                              {},
                              {l.failing_share, l.probe_max, l.offline_after}});

    profile_shelf shelf{plan.profiles, *plan.found};
    for (auto const& d : plan.site.devices) {
        std::optional<drivers::profile> inline_points;
        if (d.points_owner)
            inline_points = inline_profile(d);
        drivers::profile const* p = nullptr; // a device with neither is a defect that the settings have noted
        if (inline_points)
            p = &*inline_points;
        else if (!d.profile.empty())
            p = shelf.get(d);
        if (p == nullptr || d.link >= plan.links.size())
            continue;
        auto timing = p->timing;
        apply(d.timing, timing);
        auto& link = plan.links[d.link];
        join(link.timing, timing);
        poll::polled_device polled{
            drivers::device{d.name, static_cast<std::uint8_t>(d.unit.value_or(p->unit)), changed_profile(d, *p)}};
        for (std::size_t c = 0; c < drivers::poll_class_names.size(); ++c)
            if (auto const period = d.poll.find(std::string{drivers::poll_class_names[c]}); period != d.poll.end())
                polled.periods[c] = period->second;
        link.devices.push_back(std::move(polled));
    }
    if (!plan.site.close_delay)
        plan.model.close_delay_ms = static_cast<int>(usual_close_delay(plan).count());
    for (std::size_t l = 0; l < plan.links.size(); ++l) {
        apply(plan.site.links[l].timing, plan.links[l].timing);
        plan.links[l].policy.close_after_poll = plan.links[l].timing.close_after_poll;
        fit_gaps(plan.links[l]);
        note_overload(plan.links[l], plan.site.links[l], *plan.found);
    }
    plan.alarms = alarm_rules_of(plan);
    auto const by_place = [](defect const& a, defect const& b) {
        return std::tie(a.at.file, a.at.line, a.at.column) < std::tie(b.at.file, b.at.line, b.at.column);
    };
    std::stable_sort(plan.found->begin(), plan.found->end(), by_place);
    return plan;
}

std::vector<column> columns_of(site_plan const& plan, std::string const& device)
{
    std::vector<column> all;
    for (auto const& link : plan.links)
        for (auto const& d : link.devices)
            for (auto const c : d.device.name() == device ? d.device.classes() : std::vector<drivers::poll_class>{}) {
                auto const& columns = d.device.layout_of(c)->columns;
                all.insert(all.end(), columns.begin(), columns.end());
            }
    return all;
}

} // namespace kilnwatt::control
