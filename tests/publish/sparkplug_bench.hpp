#pragma once

#include "agent/publish/sparkplug_outbox.hpp"
#include "protocols/sparkplug/payload.hpp"
#include "tests/publish/sink_fakes.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace kilnwatt::publish::test {

using namespace std::chrono_literals;

/// A message of the node as a host sees it.
struct said {
    std::string topic;
    std::string verb;
    std::string device; ///< "" = none
    message raw;
    sparkplug::payload what;
    int session = 0;
    utc_time at{};

    bool is_data() const { return verb == "NDATA" || verb == "DDATA"; }
    bool is_birth() const { return verb == "NBIRTH" || verb == "DBIRTH"; }
};

/// One edge node on a broker that takes everything at once. Time passes when the test says so.
struct node_life {
    fake_records& journal;
    moment now{rate_limit::time_point{} + 1h, utc_time{1'782'000'400'000ms}};
    sparkplug_outbox box;
    std::vector<message> wills;
    std::vector<said> all;
    int session = 0;

    explicit node_life(fake_records& j, std::string memory = {}, sparkplug_options o = {"G", "N"},
                       cursor from = cursor{1})
        : journal{j}, box{lanes{{stream_set{}.set(), 4096, 256, 0}, std::move(from)}, std::move(o), "0.1.0", memory}
    {}

    void pass(std::chrono::milliseconds t)
    {
        now.steady += t;
        now.utc += t;
        if (session > 0)
            drain();
    }

    void connect()
    {
        wills.push_back(box.will());
        ++session;
        box.ended();
        box.greet(now);
        drain();
    }

    void lose() { box.ended(); }

    void commit(std::vector<layout_ptr> const& layouts, bool live = true)
    {
        box.committed(journal.commit(layouts), live);
        if (live)
            drain();
    }

    reaction command(std::string const& topic, sparkplug::payload const& p, bool retained = false)
    {
        auto const r = box.received({topic, sparkplug::encode(p), retained, std::nullopt, 1}, now);
        drain();
        return r;
    }

    void stop()
    {
        for (auto& m : box.farewell(now))
            note(std::move(m));
        box.ended();
    }

    std::vector<said> of(std::string const& verb) const
    {
        std::vector<said> some;
        for (auto const& s : all)
            if (s.verb == verb)
                some.push_back(s);
        return some;
    }

    void drain()
    {
        box.settle(now);
        for (;;) {
            while (auto out = box.next(now)) {
                note(std::move(out->what));
                if (out->item)
                    box.delivered(*out->item, now);
            }
            auto const range = box.records().want_read(journal.oldest());
            if (!range)
                return;
            journal.read(*range, 256,
                         [&](batch_ptr found, position next) { box.records().read_done(*range, found, next); });
        }
    }

private:
    void note(message m)
    {
        said s;
        s.topic = m.topic;
        std::vector<std::string> levels(1);
        for (char const c : m.topic)
            if (c == '/')
                levels.emplace_back();
            else
                levels.back().push_back(c);
        REQUIRE(levels.size() >= 4);
        s.verb = levels[2];
        s.device = levels.size() > 4 ? levels[4] : "";
        auto decoded = sparkplug::decode(m.payload);
        REQUIRE(decoded.has_value());
        s.what = *std::move(decoded);
        s.raw = std::move(m);
        s.session = session;
        s.at = now.utc;
        all.push_back(std::move(s));
    }
};

inline sparkplug::payload rebirth_request()
{
    sparkplug::payload p;
    p.metrics.push_back({.name = "Node Control/Rebirth", .type = 11u, .value = true});
    return p;
}

inline std::vector<std::string> words(std::vector<said> const& all, std::size_t from = 0)
{
    std::vector<std::string> w;
    for (; from < all.size(); ++from)
        w.push_back(all[from].device.empty() ? all[from].verb : all[from].verb + ' ' + all[from].device);
    return w;
}

} // namespace kilnwatt::publish::test
