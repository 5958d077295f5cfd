#pragma once

#include <boost/json/object.hpp>

#include <string>

namespace kilnwatt::cli {

/// A JSON object as TOML: its plain values first, then a [table] for each object and a [[table]] for each object of a
/// list of them; what lies deeper stands inline. Nulls are left out. Pure.
std::string toml_text(boost::json::object const& document);

} // namespace kilnwatt::cli
