#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kilnwatt::publish {

/// Which topics of a sink the broker retains, over restarts, so that what is no longer ours can be cleared: of a device
/// that was taken out of the site file, of another topic root, of Home Assistant when it was switched off. A topic can
/// have parts (the entities of a discovery message) that are given up one by one. Pure.
class retained_book {
public:
    using parts = std::set<std::string>;

    retained_book() = default;
    /// `text`: what take_changed() said in an earlier run; a line that cannot be right is left out.
    explicit retained_book(std::string_view text);

    void hold(std::string const& topic, parts const& also = {});  ///< the parts are added to what is known
    void keep_only(std::string const& topic, parts const& these); ///< the others are gone at the broker
    void drop(std::string const& topic);

    std::vector<std::string> topics() const;
    parts const& parts_of(std::string const& topic) const;

    bool changed() const { return changed_; }
    /// The text to save when anything changed since the last call.
    std::optional<std::string> take_changed();

private:
    std::map<std::string, parts> held_;
    bool changed_ = false;
};

} // namespace kilnwatt::publish
