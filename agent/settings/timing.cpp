#include "agent/settings/sections.hpp"

namespace kilnwatt::settings {

using namespace std::chrono_literals;

timing_override read_timing(config::table& t)
{
    timing_override o;
    auto timing = t.child("timing");
    if (!timing)
        return o;
    o.connect_timeout = timing->duration("connect_timeout", 10ms, 1min);
    o.connect_delay = timing->duration("connect_delay", 0ms, 1min);
    o.response_timeout = timing->duration("response_timeout", 10ms, 1min);
    o.request_gap = timing->duration("request_gap", 0ms, 10s);
    o.unit_gap = timing->duration("unit_gap", 0ms, 10s);
    o.idle_close = timing->duration("idle_close", 0ms, 24h);
    o.close_after_poll = timing->boolean("close_after_poll");
    if (auto const n = timing->integer("max_in_flight", 1, in_flight_limit))
        o.max_in_flight = static_cast<int>(*n);
    o.lenient_transaction_id = timing->boolean("lenient_transaction_id");
    o.local_echo = timing->boolean("local_echo");
    if (o.lenient_transaction_id.value_or(false) && o.max_in_flight.value_or(1) > 1)
        timing->complain("max_in_flight", "needs answers that name their request, but lenient_transaction_id is on",
                         "keep one of the two");
    timing->refuse_unknown();
    return o;
}

} // namespace kilnwatt::settings
