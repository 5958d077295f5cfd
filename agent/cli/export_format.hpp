#pragma once

#include "core/record.hpp"

#include <set>
#include <string>
#include <string_view>

namespace kilnwatt::cli {

enum class export_format { csv, json };

/// time,device,stream,seq,point,value,unit,quality
std::string_view csv_header();

/// One line a value whose column is in `points` (empty = all): decimal points as published, integers with every digit,
/// an absent value empty (CSV) or null (JSON).
void append_record(record const& r, std::set<std::string> const& points, export_format format, std::string& out);

} // namespace kilnwatt::cli
