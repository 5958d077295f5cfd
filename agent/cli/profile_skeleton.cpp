#include "agent/cli/profile_skeleton.hpp"

#include <fmt/format.h>

namespace kilnwatt::cli {
namespace {

constexpr auto text =
    R"(# A device profile: what the registers of one family of devices mean. docs/devices.md explains each key.
# Check it with `kilnwatt profile check {0}.toml`, use it from /etc/kilnwatt/devices with profile = "{0}".

schema  = 1
id      = "{0}"
kind    = "power_meter"      # power_meter, pv_inverter, battery, heat_meter, drive, kiln_controller, boiler, ...
models  = ["Maker Model"]
source  = "title, date and chapter of the manual"   # of lines from elsewhere: sources.key = "...", and
                                                    # source = "key" on the line
confidence = "low"           # high: tried on a device; medium: from the manual; low: from hearsay
unit    = 1                  # usual unit id
link    = {{baud = 9600, parity = "none", stop = 1}} # usual line; also connect_delay, response_timeout, request_gap
limits  = {{registers_per_request = 125, gap = 8}}   # gap: unused registers worth reading to save a request
caveats = [
  "What whoever mounts the device has to know: what must be set, signs, limits, where the counter wraps.",
]
sentinels = {{u16 = 0xFFFF}} # what means "not available", by type; NaN never is a number anyway

# address is the number on the wire, from 0: manuals that count from 1 (or from 40001) are one higher. ref is the
# manual's own number. table is "holding" (function 3) unless "input" (4), "coil" (1) or "discrete" (2).
# type: u16, i16, u32, i32, u64, i64, f32, f64, bcd16, bcd32, bcd64, text (with length); order: abcd unless cdab, badc,
# dcba.
# scale and unit are the manual's: the value is stored in the name's own unit. poll: fast, normal, counters or slow.
# Names come from the vocabulary of docs/devices.md; anything else is called vendor.<lower_case>.
points  = [
  {{name = "active_power",         address = 0, type = "i32", scale = 0.1, unit = "kW", poll = "fast", ref = "40001"}},
  {{name = "voltage_l1",           address = 2, type = "u16", scale = 0.1, unit = "V", poll = "fast", ref = "40003"}},
  {{name = "frequency",            address = 3, type = "u16", scale = 0.01, unit = "Hz", ref = "40004"}},
  {{name = "active_energy_import", address = 4, type = "u32", unit = "kWh", poll = "counters", ref = "40005"}},
  {{name = "state",                address = 6, type = "u16", ref = "40007", states = {{0 = "off", 1 = "running"}}}},
  {{name = "serial_number",        address = 7, type = "text", length = 8, ref = "40008"}},
]
)";

} // namespace

std::string profile_skeleton(std::string_view id)
{
    return fmt::format(text, id);
}

} // namespace kilnwatt::cli
