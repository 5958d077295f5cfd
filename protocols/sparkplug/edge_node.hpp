#pragma once

#include "protocols/sparkplug/payload.hpp"
#include "protocols/sparkplug/topic.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kilnwatt::sparkplug {

/// A message of the node: QoS 0 and not retained, but for the will (QoS 1).
struct publication {
    std::string topic;
    std::string payload;
};

/// A metric as a birth declares it.
struct definition {
    std::string name;
    datatype type = datatype::float64;
    std::string unit; ///< engineering unit, "" = none
};

/// A value of a metric with its time of acquisition.
struct sample {
    std::string name;
    utc_time time{};
    metric_value value;
    std::vector<property> properties; ///< quality, when it is not good
};

/// The birth, data and death sequence of one Sparkplug B 3.0 edge node: bdSeq, seq, aliases, births before data. Pure:
/// it builds messages, and whoever takes one hands it to MQTT at once, since its seq is taken.
///
/// The device "" is the node itself. A metric that no birth has declared never appears in data.
class edge_node {
public:
    using steady_time = std::chrono::steady_clock::time_point;

    struct options {
        identity who;
        bool datatype_in_data = false; ///< for hosts that read a metric without one as null; the standard says no
        bool properties = true;        ///< engineering units and qualities
    };
    static constexpr std::chrono::milliseconds birth_pause{1'000}; ///< from one birth sequence to the next
    static constexpr std::size_t metrics_max = 5'000;              ///< of one device; more are not declared

    /// `last_bd_seq`: of the last CONNECT of this node, in an earlier run too; nothing = there was none.
    edge_node(options o, std::optional<int> last_bd_seq);

    // --- the session
    publication will(); ///< for the next CONNECT: counts bdSeq on, except after never_left()
    void never_left();  ///< no CONNECT with the last will was sent
    std::optional<int> last_bd_seq() const { return bd_seq_; }
    void connected();    ///< births are due
    void disconnected(); ///< nothing is born
    bool born() const { return node_born_; }

    // --- what there is
    /// False when the metric cannot be declared (metrics_max). A new one makes its device (or the node) due for a
    /// birth. Two names that differ in letter case only are one too many: the later is refused.
    bool define(std::string const& device, definition const& d);
    void update(std::string const& device, sample const& s); ///< current value, shown by births
    void set_alive(std::string const& device, bool alive);   ///< a birth or a death is due
    bool alive(std::string const& device) const;

    /// A host asks for births; several requests make one sequence.
    void request_births() { births_due_ = true; }

    // --- messages
    /// The next birth or death that is due. Data waits while one is due.
    std::optional<publication> next_due(steady_time now, utc_time utc);
    bool due() const;
    std::chrono::milliseconds wait(steady_time now) const; ///< until a delayed birth may go out; 0 = none is delayed

    /// NDATA or DDATA. Live samples that say what the last birth or data said are left out; nothing when none is left.
    /// The device is born, and nothing is due.
    std::optional<publication> data(std::string const& device, std::vector<sample> const& samples, bool historical,
                                    utc_time utc);

    /// DDEATH of every born device, then NDEATH: before a planned disconnect.
    std::vector<publication> farewell(utc_time utc);

private:
    struct entry {
        definition what;
        std::uint64_t alias = 0;
        std::optional<sample> current;
        std::optional<sample> sent;
    };
    struct unit {
        std::vector<entry> metrics;
        std::map<std::string, std::size_t> index; ///< by name in lower case
        bool alive = false;
        bool born = false;
        bool outdated = false; ///< the last birth lacks a metric
    };

    /// A device without metrics has nothing to be born with yet.
    static bool wants_birth(unit const& u) { return u.alive && !u.metrics.empty() && (!u.born || u.outdated); }
    static bool wants_death(unit const& u) { return !u.alive && u.born; }

    entry* find(std::string const& device, std::string const& name);
    std::vector<metric> declared(unit& u, utc_time utc) const;
    metric declared(entry& e, utc_time utc) const;
    metric bd_seq_metric(utc_time utc) const;
    publication node_birth(steady_time now, utc_time utc);
    publication device_birth(std::string const& device, unit& u, utc_time utc);
    publication device_death(std::string const& device, unit& u, utc_time utc);
    publication numbered(std::string_view verb, std::string const& device, payload p);

    options options_;
    std::optional<int> bd_seq_;
    bool bd_seq_unused_ = false;
    std::uint64_t seq_ = 0;
    std::uint64_t next_alias_ = 1;
    std::map<std::string, unit> units_;
    bool node_born_ = false;
    bool births_due_ = false;
    std::optional<steady_time> last_birth_;
};

} // namespace kilnwatt::sparkplug
