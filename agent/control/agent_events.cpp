#include "agent/control/agent_events.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace kilnwatt::control {

void agent_events::append(std::string kind, std::string subject, event_severity severity, std::string text)
{
    store_->append(event_row(std::move(kind), std::move(subject), severity, std::move(text), clock_.now()));
}

void agent_events::journal_set_aside(std::string const& why)
{
    out_.warning("journal: " + why);
    append("journal_set_aside", "journal", event_severity::alarm, why);
}

void agent_events::journal_says(std::string const& sentence, bool writes)
{
    out_.error("journal: " + sentence);
    std::string kind{"journal_damaged"};
    if (writes != journal_writes_)
        kind = writes ? "journal_written_again" : "journal_not_written";
    journal_writes_ = writes;
    auto const severity = kind == "journal_written_again" ? event_severity::warning : event_severity::alarm;
    append(std::move(kind), "journal", severity, sentence);
}

void agent_events::journal_dropped(std::span<journal::dropped_range const> ranges)
{
    for (auto const& r : ranges) {
        auto const text = fmt::format("{} {} to {} were dropped to make room before every sink had them",
                                      to_string(r.kind), r.first_seq, r.last_seq);
        out_.warning(fmt::format("journal: device {}: {}", r.device, text));
        append("journal_dropped", r.device, event_severity::warning, text);
    }
}

void agent_events::device_changed(std::string const& device, poll::health now, std::string const& why)
{
    if (auto const line = devices_.changed(device, now, why, clock_.now().mono))
        tell(*line);
    auto const state = std::string{poll::to_string(now)};
    auto const bad = now == poll::health::offline;
    append("device_state", device, bad ? event_severity::warning : event_severity::info,
           why.empty() ? state : state + ": " + why);
}

void agent_events::tell_due()
{
    for (auto const& line : devices_.due(clock_.now().mono))
        tell(line);
}

void agent_events::tell(device_log::line const& line)
{
    out_.write(line.state == poll::health::offline ? log_level::warning : log_level::info, line.text);
}

void agent_events::value_stuck(std::string const& device, drivers::stuck_change const& change)
{
    auto const point = device + "." + change.point;
    auto const line = change.stuck ? fmt::format("has not moved although {} says that it must", change.companion)
                                   : std::string{"moves again"};
    out_.write(change.stuck ? log_level::warning : log_level::info, fmt::format("{} {}", point, line));
    append(change.stuck ? "value_stuck" : "value_moves", point,
           change.stuck ? event_severity::warning : event_severity::info, line);
}

void agent_events::polling_paused(link_address const& link, std::optional<milliseconds> lasts)
{
    auto const line = lasts ? fmt::format("polling is paused: the link is on lease for {} s at most",
                                          std::chrono::ceil<std::chrono::seconds>(*lasts).count())
                            : std::string{"polling goes on: the lease is over"};
    out_.warning(fmt::format("link {}: {}", link.url(), line));
    append(lasts ? "polling_paused" : "polling_resumed", link.url(),
           lasts ? event_severity::warning : event_severity::info, line);
}

void agent_events::point_was_written(point_written const& w)
{
    auto const subject = w.what.device + "." + w.what.name;
    out_.warning(fmt::format("point {} was {}", subject, w.sentence()));
    append("point_written", subject, w.ec ? event_severity::warning : event_severity::info, w.sentence());
}

void agent_events::production_refused(std::string const& device, std::string const& sentence)
{
    out_.warning(fmt::format("production {}: {}", device, sentence));
    append("production_refused", device, event_severity::warning, sentence);
}

void agent_events::production_silent(std::string const& device, bool silent)
{
    auto const line = silent ? "no message came for its stale_after: what was made is unknown" : "messages come again";
    out_.write(silent ? log_level::warning : log_level::info, fmt::format("production {}: {}", device, line));
    append("production_silent", device, silent ? event_severity::warning : event_severity::info, line);
}

void agent_events::target_base(energy::target_model const& t)
{
    auto const known = t.base > 0;
    auto const line = known ? fmt::format("base {:g} {} of {}: {}", t.base, t.unit, t.base_year, t.base_source)
                            : "no base: " + t.base_source;
    out_.write(known ? log_level::info : log_level::warning, fmt::format("target {}: {}", t.name, line));
    append("target_base", t.name, known ? event_severity::info : event_severity::warning, line);
}

} // namespace kilnwatt::control
