#pragma once

#include "agent/publish/position_set.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kilnwatt::publish {

/// What a sink still has to deliver: the positions its broker has not confirmed, and how far it has seen the journal.
///
/// At most `ranges_max` ranges are kept. When a confirmation would make one more, the two nearest are joined: records
/// between them are sent again, none is ever skipped. Pure.
class cursor {
public:
    static constexpr std::size_t ranges_max = 64;

    /// Everything from `first` on is still to come.
    explicit cursor(position first = 1) : head_{first} {}

    /// The journal now reaches up to `head`: all positions since the last head are unconfirmed. Never goes back.
    void extend(position head);

    void confirm(position_range r);
    void confirm(position p) { confirm(position_range{p, p + 1}); }

    position head() const { return head_; }
    position lowest() const; ///< the lowest unconfirmed position; head() when there is none
    bool contains(position p) const { return unconfirmed_.contains(p); } ///< true: seen and not confirmed
    position_set const& unconfirmed() const { return unconfirmed_; }

    /// "c1 HEAD FIRST-LAST ...", half-open ranges in rising order. parse() takes nothing but such a text.
    std::string text() const;
    static std::optional<cursor> parse(std::string_view text);

    friend bool operator==(cursor const&, cursor const&) = default;

private:
    position head_;
    position_set unconfirmed_;
};

} // namespace kilnwatt::publish
