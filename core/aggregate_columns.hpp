#pragma once

#include <string_view>

/// The columns of window and KPI rows, so that the energy stage that writes them and the sinks, reports and tests that
/// read them agree. Both start with `start`, `end` and `revision` (kind i64; milliseconds since 1970 UTC).
///
/// A window row has for each gauge X: "X.mean", "X.min", "X.max", "X.last", "X.coverage" (kind f64, X's unit, coverage
/// 0..1); for each counter X: "X.delta", "X.coverage" and "X.method". A KPI row has for each metric M: "M",
/// "M.coverage" and "M.method"; a largest value "M.at" (i64, ms), when it was. The quality stands on the mean, the
/// delta and the metric. From an hour on a counter also has "X.partial", and a metric that is a sum "M.partial": the
/// sum of what is known, also when that is too little.
namespace kilnwatt::aggregate {

inline constexpr std::string_view start = "start";
inline constexpr std::string_view end = "end";
inline constexpr std::string_view revision = "revision";

inline constexpr std::string_view mean = ".mean";
inline constexpr std::string_view min = ".min";
inline constexpr std::string_view max = ".max";
inline constexpr std::string_view last = ".last";
inline constexpr std::string_view delta = ".delta";
inline constexpr std::string_view coverage = ".coverage";
inline constexpr std::string_view partial = ".partial";
inline constexpr std::string_view at = ".at";         ///< kind i64, milliseconds since 1970 UTC
inline constexpr std::string_view method = ".method"; ///< kind i64 with states: 0 counter, 1 integral, 2 model

/// Columns of an event row, all text except `severity` (i64 with states 0 info, 1 warning, 2 alarm).
inline constexpr std::string_view event_kind = "kind";
inline constexpr std::string_view event_subject = "subject"; ///< device or sink it concerns
inline constexpr std::string_view event_severity = "severity";
inline constexpr std::string_view event_message = "message";

/// Device name of the plant's own streams.
inline constexpr std::string_view site = "site";

} // namespace kilnwatt::aggregate
