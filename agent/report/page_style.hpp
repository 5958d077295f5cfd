#pragma once

#include <string_view>

namespace kilnwatt::report {

/// Styles of the page, for screens and for A4 paper.
inline constexpr std::string_view page_style = R"css(
:root { --ink: #22303c; --soft: #6b7885; --line: #dde3e8; --accent: #b5532f; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1.6rem; color: var(--ink); background: #fff;
  font: 14px/1.45 "Noto Sans", "Segoe UI", "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei", sans-serif; }
header { border-bottom: 3px solid var(--accent); margin-bottom: 1.1rem; padding-bottom: .5rem; }
h1 { font-size: 1.55rem; margin: 0; }
header p, footer { color: var(--soft); margin: .2rem 0 0; }
h2 { font-size: 1.08rem; margin: 1.5rem 0 .45rem; }
section { break-inside: avoid; }
section.long { break-inside: auto; }
.cards { display: grid; grid-template-columns: repeat(4, 1fr); gap: .6rem; }
.card { border: 1px solid var(--line); border-radius: 5px; padding: .5rem .7rem; }
.card b { display: block; font-size: 1.25rem; white-space: nowrap; }
.card b small { font-weight: normal; color: var(--soft); font-size: .85rem; }
.card span { color: var(--soft); font-size: .86rem; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1.4rem; align-items: start; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .22rem .5rem .22rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 600; font-size: .86rem; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.n + td:not(.n), th.n + th:not(.n) { padding-left: 1.1rem; }
td.n + td:not(:last-child) { white-space: nowrap; }
td.k { white-space: nowrap; }
th.n { white-space: normal; }
tr.first td { border-bottom: none; }
tr.sum td { font-weight: 600; border-top: 2px solid var(--ink); }
td code { color: var(--soft); font-size: .86em; }
.uncertain { color: #9a6700; }
.bad { color: #b3261e; }
.note { color: var(--soft); font-size: .88rem; }
svg { width: 100%; height: auto; display: block; }
footer { break-inside: avoid; border-top: 1px solid var(--line); margin-top: 1.6rem; padding-top: .5rem;
  font-size: .86rem; }
@media (max-width: 40rem) { .cards { grid-template-columns: 1fr 1fr; } .pair { grid-template-columns: 1fr; } }
@page { size: A4; margin: 14mm; }
@media print { body { padding: 0; max-width: none; font-size: 10.5pt; } tr, .card { break-inside: avoid; } }
)css";

} // namespace kilnwatt::report
