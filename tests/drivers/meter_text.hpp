#pragma once

#include "config/table.hpp"
#include "drivers/profile.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace kilnwatt::drivers {

/// A meter's profile from the lines that follow its head, and what is wrong with them.
struct meter_text {
    profile what;
    config::defects found;
};

inline meter_text read_meter(std::string const& lines)
{
    auto doc = config::read_text("schema = 1\nid = \"meter\"\nkind = \"power_meter\"\nsource = \"test\"\n" + lines,
                                 "meter.toml");
    auto p = read_profile(doc);
    return {std::move(p), *doc.found};
}

/// Of lines without a mistake.
inline profile meter_of(std::string const& lines)
{
    auto m = read_meter(lines);
    for (auto const& d : m.found)
        FAIL(to_string(d));
    return std::move(m.what);
}

} // namespace kilnwatt::drivers
