#pragma once

#include "agent/settings/site.hpp"
#include "core/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kilnwatt::control {

/// What the messages of one [[production]] topic mean: totals as they are, increments added up. Pure: messages and time
/// in, totals to store out. At most one a second, of a burst the first and the last. Of increments "nothing came" means
/// "nothing was made", so while the topic is heard their total is repeated once a minute.
class production_track {
public:
    /// `memory` is what memory() said before the last restart; "" for a new topic.
    production_track(settings::production_settings what, std::string const& memory);

    void connected(mono_time now); ///< silence counts from here
    void lost();

    struct decision {
        std::optional<double> total; ///< to store now, in the point's unit
        std::string refused;         ///< what is wrong with a message, once until one is right again
        std::optional<bool> silent;  ///< it has become silent, or is heard again
    };
    /// A retained increment is passed over: it was counted when it came. One that takes the sum above production_max
    /// is refused.
    decision received(std::string_view payload, bool retained, mono_time now);
    decision at(mono_time now);

    std::optional<mono_time> due() const; ///< when to call at()
    std::string memory() const;           ///< to keep as soon as it changes; "" for totals

    settings::production_settings const& what() const { return what_; }

private:
    decision store(double total, mono_time now);

    settings::production_settings what_;
    double sum_ = 0; ///< of increments
    bool online_ = false;
    bool silent_ = false;
    bool refusing_ = false;
    std::optional<mono_time> last_; ///< of the last total stored
    std::optional<double> waiting_; ///< one that came too soon after it
    mono_time message_{};           ///< of the last message, or since the connection
};

} // namespace kilnwatt::control
