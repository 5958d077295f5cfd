#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace kilnwatt::publish::test {

/// What is wrong with `value` by a schema that uses the keywords of docs/schemas only (type, const, enum, required,
/// properties, additionalProperties, minProperties, items, minimum, maximum, minLength, pattern); "" when nothing is.
/// A keyword it does not know is a finding.
std::string json_schema_finding(boost::json::value const& schema, boost::json::value const& value,
                                std::string const& path = "$");

} // namespace kilnwatt::publish::test
