#include "agent/energy/alarm_board.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace kilnwatt::energy {
namespace {

constexpr std::uint64_t snapshot_version = 1;
constexpr std::size_t layouts_max = 1'024; ///< remembered; above, all are resolved again
constexpr instant second = 1'000;

/// Six digits, without an exponent where that is possible.
std::string short_number(double v)
{
    return fmt::format("{}", std::strtod(fmt::format("{:.6g}", v).c_str(), nullptr));
}

std::string with_unit(double v, std::string const& unit)
{
    return unit.empty() ? short_number(v) : short_number(v) + ' ' + unit;
}

std::string place_of(alarm_rule const& r)
{
    return r.from == stream::readings ? r.device + '.' + r.column : r.column;
}

std::string limit_of(alarm_rule const& r)
{
    return fmt::format("{} {}", r.when.above ? "above" : "below", with_unit(r.when.limit, r.unit));
}

std::string span(instant ms)
{
    return ms % second == 0 ? fmt::format("{} s", ms / second) : fmt::format("{} ms", ms);
}

row raised(alarm_rule const& r, double v, stamp at)
{
    auto text = fmt::format("{} is {}, {}", place_of(r), with_unit(v, r.unit), limit_of(r));
    if (r.when.delay > 0)
        text += fmt::format(" for {} or more", span(r.when.delay));
    return event_row("alarm_raised", r.name, r.severity, std::move(text), at);
}

row cleared(alarm_rule const& r, double v, stamp at)
{
    return event_row("alarm_cleared", r.name, event_severity::info,
                     fmt::format("{} is {}, no longer {}", place_of(r), with_unit(v, r.unit), limit_of(r)), at);
}

} // namespace

alarm_board::alarm_board(std::vector<alarm_rule> rules) : rules_{std::move(rules)}, states_(rules_.size()) {}

alarm_board::known_layout const& alarm_board::resolve(layout_ptr const& l)
{
    if (auto const found = layouts_.find(l.get()); found != layouts_.end())
        return found->second;
    if (layouts_.size() >= layouts_max)
        layouts_.clear();
    known_layout k{l, {}};
    for (std::size_t i = 0; i < rules_.size(); ++i) {
        if (rules_[i].device != l->device || rules_[i].from != l->kind)
            continue;
        for (std::size_t c = 0; c < l->columns.size(); ++c)
            if (l->columns[c].name == rules_[i].column)
                k.columns.push_back({i, c});
    }
    return layouts_.emplace(l.get(), std::move(k)).first->second;
}

void alarm_board::fold(row const& r, std::vector<row>& events)
{
    if (rules_.empty() || !r.layout || r.cells.size() != r.layout->columns.size())
        return;
    for (auto const& [i, column] : resolve(r.layout).columns) {
        auto const v = scaled_number(r, column);
        switch (states_[i].on_value(rules_[i].when, v, r.time.utc.time_since_epoch().count())) {
        case threshold_alarm::change::raised:
            events.push_back(raised(rules_[i], v, r.time));
            break;
        case threshold_alarm::change::cleared:
            events.push_back(cleared(rules_[i], v, r.time));
            break;
        case threshold_alarm::change::none:
            break;
        }
    }
}

void alarm_board::end_orphans(stamp now, std::vector<row>& events)
{
    for (auto& name : orphans_)
        events.push_back(event_row("alarm_cleared", std::move(name), event_severity::info,
                                   "the alarm is no longer in the site file", now));
    orphans_.clear();
}

std::string alarm_board::snapshot() const
{
    byte_writer w;
    w.number(snapshot_version);
    w.number(rules_.size() + orphans_.size());
    for (std::size_t i = 0; i < rules_.size(); ++i) {
        w.text(rules_[i].name);
        states_[i].save(w);
    }
    threshold_alarm gone;
    (void)gone.on_value({.above = true, .limit = 0}, 1, 0); // active: its end is still to be told
    for (auto const& name : orphans_) {
        w.text(name);
        gone.save(w);
    }
    return w.take();
}

bool alarm_board::restore(std::string_view bytes)
{
    states_.assign(rules_.size(), {});
    orphans_.clear();
    byte_reader r{bytes};
    if (r.number() != snapshot_version)
        return false;
    for (auto n = r.count(); n > 0 && r.ok(); --n) {
        auto name = r.text();
        threshold_alarm state;
        state.load(r);
        auto const rule =
            std::find_if(rules_.begin(), rules_.end(), [&](alarm_rule const& a) { return a.name == name; });
        if (rule != rules_.end())
            states_[static_cast<std::size_t>(rule - rules_.begin())] = state;
        else if (state.active())
            orphans_.push_back(std::move(name));
    }
    if (r.ok() && r.at_end())
        return true;
    states_.assign(rules_.size(), {});
    orphans_.clear();
    return false;
}

} // namespace kilnwatt::energy
