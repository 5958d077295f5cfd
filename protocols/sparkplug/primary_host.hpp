#pragma once

#include "core/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kilnwatt::sparkplug {

/// Is the host application that this node depends on there? Without an id the node depends on nobody. Pure.
///
/// A STATE counts when its JSON has a Boolean `online` and a numeric `timestamp` that is not below the one remembered;
/// the first always counts. A remembered time minutes ahead of the own clock is forgotten, so that one wrong STATE
/// cannot lock the node out for ever.
class primary_host {
public:
    static constexpr std::chrono::minutes ahead_max{5};

    explicit primary_host(std::string id) : id_{std::move(id)} {}

    bool configured() const { return !id_.empty(); }
    std::string const& id() const { return id_; }
    std::string topic() const; ///< of its STATE
    bool online() const { return id_.empty() || online_; }

    enum class verdict { ignored, online, offline };
    verdict on_state(std::string_view json, utc_time now);

    void disconnected() { online_ = false; } ///< the remembered time stays
    /// The host's words at another server have times of their own.
    void forget()
    {
        online_ = false;
        last_.reset();
    }

private:
    std::string id_;
    bool online_ = false;
    std::optional<utc_time> last_;
};

} // namespace kilnwatt::sparkplug
